package dev.acuse.mercadopago.notification;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.intake.WebhookSource;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.text.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/**
 * Notifications as MercadoPago sends them (Webhooks page), of a payment that there is not. They are
 * signed with a secret that is made up for them: the code that judges genuine ones can judge these,
 * and no genuine secret is used. Thread-safe.
 */
public final class PracticeNotification {
  private static final String PAYMENT = "1000000001";

  private final Secret secret = Secret.of(UUID.randomUUID().toString());
  private final InstantSource clock;
  private final WebhookSource source;

  /**
   * @param configuration as for genuine ones
   */
  public PracticeNotification(MercadoPagoConfiguration configuration, InstantSource clock) {
    this.clock = clock;
    this.source =
        new MercadoPagoSource(
            configuration,
            Accounts.fixed(
                new EnvironmentAccount(Secret.NONE, List.of(secret), null, Secret.NONE, null)
                    .alone()),
            clock,
            UUID::randomUUID,
            new MetricRegistry());
  }

  /** What believes them, and counts where it is not seen. */
  public WebhookSource source() {
    return source;
  }

  /** The next one, another each time, as a request of HTTP/1.1. */
  public byte[] next() {
    Instant now = clock.instant();
    String ts = String.valueOf(now.toEpochMilli());
    String requestId = UUID.randomUUID().toString();
    String body =
        """
        {"action": "payment.updated", "api_version": "v1", "data": {"id": "%s"}, \
        "date_created": "%s", "id": %s, "live_mode": true, "type": "payment", "user_id": "1"}"""
            .formatted(PAYMENT, now, ts);
    return """
    POST /webhooks/%s?data.id=%s&type=payment HTTP/1.1
    Host: localhost
    User-Agent: acuse
    Accept: */*
    Content-Type: application/json
    x-signature: ts=%s,v1=%s
    x-request-id: %s
    Content-Length: %d
    Connection: close

    %s"""
        .formatted(
            source.name(),
            PAYMENT,
            ts,
            MercadoPagoSignature.sign(secret.reveal(), PAYMENT, requestId, ts),
            requestId,
            body.getBytes(StandardCharsets.UTF_8).length,
            body)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}

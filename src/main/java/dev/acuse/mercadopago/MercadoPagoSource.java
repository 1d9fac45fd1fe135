package dev.acuse.mercadopago;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.Delivery;
import dev.acuse.intake.WebhookSource;
import dev.acuse.mercadopago.MercadoPagoSignature.Result;
import dev.acuse.mercadopago.NotificationBody.Shape;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies and identifies what MercadoPago sends: webhooks, IPN, and whatever else arrives at the
 * same address. Thread-safe.
 */
public final class MercadoPagoSource implements WebhookSource {
  static final String NAME = "mp";

  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoSource.class);
  private static final Duration LATE = Duration.ofMinutes(10);
  private static final int MAX_ACTION_LENGTH = 64;
  private static final int MAX_QUERY_LENGTH = 4096;

  private final @Nullable MercadoPagoSignature signature;
  private final boolean ignoreIpn;
  private final InstantSource clock;
  private final Supplier<UUID> quarantineIds;
  private final MetricRegistry metrics;

  /**
   * @param quarantineIds keys of refused deliveries; random, so that nobody can take a genuine
   *     delivery's key
   * @param metrics counts the verdicts on signatures
   */
  public MercadoPagoSource(
      MercadoPagoConfiguration configuration,
      InstantSource clock,
      Supplier<UUID> quarantineIds,
      MetricRegistry metrics) {
    List<String> secrets = configuration.secrets();
    this.signature =
        secrets.isEmpty()
            ? null
            : new MercadoPagoSignature(
                secrets, configuration.getSignatureTolerance().toJavaDuration(), clock);
    this.ignoreIpn = configuration.getIpn() == MercadoPagoConfiguration.Ipn.IGNORE;
    this.clock = clock;
    this.quarantineIds = quarantineIds;
    this.metrics = metrics;
    if (signature == null) {
      LOGGER.warn("No MP_WEBHOOK_SECRET is set: signatures of webhooks are not checked");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Examined examine(Delivery delivery) {
    Notification notification = Notification.of(delivery);
    Checked checked = check(delivery, notification);
    boolean names = notification.resourceId() != null || notification.ambiguous();
    if (names && !notification.hasUsableId()) {
      String reason =
          notification.ambiguous()
              ? "the query names several resources"
              : "the resource id is not of the form that may go into a look-up";
      return refused(Refusal.BAD_RESOURCE_ID, reason, checked, delivery, notification);
    }
    if (checked.state() == SignatureState.BAD) {
      return refused(Refusal.SIGNATURE, checked.reason(), checked, delivery, notification);
    }
    if (notification.resourceId() == null) {
      return withoutResource(checked, delivery, notification);
    }
    return accepted(checked, delivery, notification, notification.resourceId());
  }

  /** What is known of a delivery's authenticity, and why it is no more. */
  private record Checked(SignatureState state, String reason) {}

  private Checked check(Delivery delivery, Notification notification) {
    if (notification.ipn()) {
      // IPN carries the header, but MercadoPago says itself that it can't be verified
      return new Checked(SignatureState.UNVERIFIABLE, "IPN can't be verified");
    }
    if (signature == null) {
      return new Checked(SignatureState.UNCHECKED, "no secret is configured");
    }
    Result result =
        signature.verify(
            delivery.headers().getOrDefault("x-signature", List.of()),
            delivery.headers().getOrDefault("x-request-id", List.of()),
            notification.signable());
    report(result, notification);
    if (!result.valid() || notification.ambiguous()) {
      String word = result.verdict().name().toLowerCase(Locale.ROOT);
      return new Checked(SignatureState.BAD, "signature: " + word);
    }
    // without data.id in the query the signature covers no resource: anyone who has seen one such
    // request could send it again with an id of his own
    return notification.signable() == null
        ? new Checked(SignatureState.UNVERIFIABLE, "the signature covers no resource")
        : new Checked(SignatureState.VERIFIED, "");
  }

  private void report(Result result, Notification notification) {
    String verdict = result.verdict().name().toLowerCase(Locale.ROOT);
    metrics.counter(MetricRegistry.name(MercadoPagoSource.class, "signature", verdict)).inc();
    if (result.secret() > 0) {
      metrics
          .counter(MetricRegistry.name(MercadoPagoSource.class, "signature", "old-secret"))
          .inc();
      LOGGER.info("Signed with secret number {}, not with the first", result.secret() + 1);
    }
    if (result.signedAt() != null) {
      Duration age = Duration.between(result.signedAt(), clock.instant());
      if (age.abs().compareTo(LATE) > 0) {
        LOGGER.info("Signed {} s ago: late, or a clock is wrong", age.toSeconds());
      }
    }
    if (result.valid() && notification.bodyDisagrees() && notification.hasUsableId()) {
      LOGGER.warn(
          "The body names another resource than the signed query: {} {} it is",
          notification.type(),
          notification.resourceId());
    }
  }

  private Refused withoutResource(Checked checked, Delivery delivery, Notification notification) {
    return switch (notification.body().shape()) {
      case EMPTY ->
          refused(Refusal.EMPTY_BODY, "no body and no resource", checked, delivery, notification);
      case MALFORMED ->
          refused(
              Refusal.MALFORMED_JSON,
              "the body is not JSON and the query names no resource",
              checked,
              delivery,
              notification);
      case NOT_AN_OBJECT, OBJECT ->
          refused(
              Refusal.BAD_RESOURCE_ID,
              "neither the query nor the body names a resource",
              checked,
              delivery,
              notification);
    };
  }

  private Refused refused(
      Refusal refusal,
      String reason,
      Checked checked,
      Delivery delivery,
      Notification notification) {
    String key = "quarantine:" + quarantineIds.get();
    String id = notification.hasUsableId() ? notification.resourceId() : null;
    var fate = new Fate(key, EventStatus.QUARANTINED, reason);
    return new Refused(refusal, event(fate, checked, delivery, notification, id));
  }

  private Accepted accepted(
      Checked checked, Delivery delivery, Notification notification, String resourceId) {
    String key = DeliveryKey.of(delivery, notification.type(), resourceId);
    String ignored = reasonToIgnore(notification);
    var fate = new Fate(key, ignored == null ? EventStatus.PENDING : EventStatus.IGNORED, ignored);
    return new Accepted(event(fate, checked, delivery, notification, resourceId));
  }

  private @Nullable String reasonToIgnore(Notification notification) {
    if (notification.ipn()) {
      return ignoreIpn ? "IPN is ignored by configuration" : null;
    }
    return notification.body().shape() == Shape.NOT_AN_OBJECT ? "the body is not an object" : null;
  }

  private record Fate(String key, EventStatus status, @Nullable String reason) {}

  private static NewEvent event(
      Fate fate,
      Checked checked,
      Delivery delivery,
      Notification notification,
      @Nullable String resourceId) {
    return new NewEvent(
        fate.key(),
        NAME,
        notification.type(),
        SafeText.clean(notification.body().action(), MAX_ACTION_LENGTH),
        resourceId,
        fate.status(),
        fate.reason(),
        checked.state(),
        EventOrigin.WEBHOOK,
        delivery.body(),
        SafeText.clean(delivery.queryString(), MAX_QUERY_LENGTH),
        KeptHeaders.of(delivery));
  }
}

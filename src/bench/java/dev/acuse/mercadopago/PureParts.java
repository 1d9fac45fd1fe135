package dev.acuse.mercadopago;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.intake.Delivery;
import dev.acuse.intake.WebhookSource;
import dev.acuse.mercadopago.notification.MercadoPagoSignature;
import dev.acuse.mercadopago.notification.MercadoPagoSource;
import dev.acuse.mercadopago.notification.NotificationBody;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What is done with a delivery before it is stored, on a payment's webhook as it is sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PureParts {
  /** What each measures, for people. */
  public static final Map<String, String> TITLES =
      Map.of(
          "signature", "a signature verified",
          "body", "a body parsed",
          "examine", "a delivery examined (parsed, verified, identified)");

  private static final String SECRET = "bench-secret-0123456789";
  private static final String PAYMENT = "1234567890";

  private final MercadoPagoSignature signature =
      new MercadoPagoSignature(List.of(SECRET), Duration.ZERO, InstantSource.system());
  private final WebhookSource source = source();
  private final Delivery delivery = delivery();
  private final List<String> signatures = delivery.headers().getOrDefault("x-signature", List.of());
  private final List<String> requestIds =
      delivery.headers().getOrDefault("x-request-id", List.of());

  private static WebhookSource source() {
    var configuration =
        new MercadoPagoConfiguration(null, null, Secret.of(SECRET), null, null, null, null, null);
    return new MercadoPagoSource(
        configuration,
        Accounts.fixed(
            new EnvironmentAccount(
                    Secret.NONE,
                    configuration.credentials().webhookSecrets(),
                    null,
                    Secret.NONE,
                    null)
                .alone()),
        InstantSource.system(),
        UUID::randomUUID,
        new MetricRegistry());
  }

  private static Delivery delivery() {
    Notification notification =
        new Notifications(SECRET, 1, InstantSource.system()).paymentUpdated(PAYMENT);
    Map<String, List<String>> headers = new TreeMap<>();
    notification.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return new Delivery(notification.body(), notification.query(), headers);
  }

  /** HMAC over what is signed, compared with the header. */
  @Benchmark
  public Object signature() {
    var result = signature.verify(signatures, requestIds, PAYMENT);
    if (!result.valid()) {
      throw new IllegalStateException("the sample is not genuine");
    }
    return result;
  }

  /** The few fields that say what it is about. */
  @Benchmark
  public Object body() {
    return NotificationBody.of(delivery.body());
  }

  /** All of it, as for each request: parsed, verified, identified. */
  @Benchmark
  public Object examine() {
    return source.examine(delivery);
  }
}

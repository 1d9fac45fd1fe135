package dev.acuse.mercadopago.notification;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.Delivery;
import dev.acuse.mercadopago.notification.MercadoPagoSignature.Result;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges how far a delivery is proven to be MercadoPago's, and counts and logs what stands out.
 * Thread-safe.
 */
final class AuthenticityCheck {
  private static final Logger LOGGER = LoggerFactory.getLogger(AuthenticityCheck.class);
  private static final Duration LATE = Duration.ofMinutes(10);

  /** Public: named so since the first version, wherever the class that it says is by now. */
  private static final String SIGNATURE = "dev.acuse.mercadopago.MercadoPagoSource.signature.";

  private static final String FLAGGED = "acuse.mercadopago.flagged.";
  private static final List<String> FLAGS = List.of("late", "other_resource", "test_mode");

  /** What is known of a delivery's authenticity, and why it is no more; no reason if verified. */
  record Authenticity(SignatureState state, String reason) {}

  private final @Nullable MercadoPagoSignature signature;
  private final InstantSource clock;
  private final MetricRegistry metrics;

  AuthenticityCheck(
      List<Secret> secrets, Duration tolerance, InstantSource clock, MetricRegistry metrics) {
    this.signature =
        secrets.isEmpty()
            ? null
            : new MercadoPagoSignature(
                secrets.stream().map(Secret::reveal).toList(), tolerance, clock);
    this.clock = clock;
    this.metrics = metrics;
    // A counter that begins at 0 shows its first move as one.
    FLAGS.forEach(flag -> metrics.counter(FLAGGED + flag));
    if (signature == null) {
      LOGGER.warn("No MP_WEBHOOK_SECRET is set: signatures of webhooks are not checked");
    }
  }

  /**
   * A delivery and what is known of it.
   *
   * @param notification as it is if what is signed of it is taken
   */
  record Judged(Authenticity proof, Notification notification) {}

  Judged of(Delivery delivery, Notification sent) {
    if (sent.ipn()) {
      // IPN carries the header, but MercadoPago says itself that it can't be verified
      return new Judged(
          new Authenticity(SignatureState.UNVERIFIABLE, "IPN can't be verified"), sent);
    }
    if (signature == null) {
      flagTest(sent);
      return new Judged(
          new Authenticity(SignatureState.UNCHECKED, "no secret is configured"), sent);
    }
    Verified verified = verify(signature, delivery, sent);
    report(verified.result(), verified.notification(), sent.ambiguous());
    return new Judged(proof(verified), verified.notification());
  }

  private static Authenticity proof(Verified verified) {
    if (!verified.result().valid()) {
      return new Authenticity(SignatureState.BAD, "signature: " + word(verified.result()));
    }
    // without data.id in the query the signature covers no resource: anyone who has seen one such
    // request could send it again with an id of his own
    return verified.notification().isAboutWhatIsSigned()
        ? new Authenticity(SignatureState.VERIFIED, "")
        : new Authenticity(SignatureState.UNVERIFIABLE, "the signature covers no resource");
  }

  /**
   * Whether the head of a delivery is signed, and says what it is about. The signature covers no
   * body, so nothing that comes later can change that.
   */
  boolean isProven(Delivery head, Notification notification) {
    return signature != null
        && !notification.signable().isEmpty()
        && verify(signature, head, notification).result().valid();
  }

  private record Verified(Result result, Notification notification) {}

  /** Of several ids the one that is signed is what the notification is about. */
  private static Verified verify(
      MercadoPagoSignature signature, Delivery delivery, Notification notification) {
    List<String> signatures = delivery.headers().getOrDefault("x-signature", List.of());
    List<String> requestIds = delivery.headers().getOrDefault("x-request-id", List.of());
    if (notification.signable().isEmpty()) {
      return new Verified(signature.verify(signatures, requestIds, null), notification);
    }
    Result first = null;
    for (String id : notification.signable()) {
      Result result = signature.verify(signatures, requestIds, id);
      if (result.secret() >= 0) {
        return new Verified(result, notification.signedFor(id));
      }
      first = first == null ? result : first;
    }
    return new Verified(Objects.requireNonNull(first), notification);
  }

  /**
   * @param isOneOfSeveral whether the query names other resources too
   */
  private void report(Result result, Notification notification, boolean isOneOfSeveral) {
    count(word(result));
    if (result.secret() > 0) {
      count("old-secret");
      LOGGER.info("Signed with secret number {}, not with the first", result.secret() + 1);
    }
    if (result.signedAt() != null) {
      Duration age = Duration.between(result.signedAt(), clock.instant());
      if (age.abs().compareTo(LATE) > 0) {
        flag("late");
        LOGGER.info("Signed {} s ago: late, or a clock is wrong", age.toSeconds());
      }
    }
    if (result.valid()) {
      flagTest(notification);
    }
    if (result.valid()
        && (isOneOfSeveral || notification.bodyDisagrees())
        && notification.hasUsableId()) {
      flag("other_resource");
      LOGGER.warn(
          "Another resource is named beside the signed one, which is {} {}",
          notification.type(),
          notification.resourceId());
    }
  }

  /** What {@code live_mode} says is not reliable: it is told to people, and decides nothing. */
  private void flagTest(Notification notification) {
    if (notification.isTest() && notification.hasUsableId()) {
      flag("test_mode");
      LOGGER.info("In test mode, by its live_mode: payment {}", notification.resourceId());
    }
  }

  /** Counts what is odd and taken all the same. */
  private void flag(String what) {
    metrics.counter(FLAGGED + what).inc();
  }

  private void count(String what) {
    metrics.counter(SIGNATURE + what).inc();
  }

  private static String word(Result result) {
    return result.verdict().name().toLowerCase(Locale.ROOT);
  }
}

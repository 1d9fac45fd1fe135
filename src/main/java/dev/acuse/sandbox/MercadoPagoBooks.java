package dev.acuse.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the sandbox's MercadoPago knows. Thread-safe. */
final class MercadoPagoBooks {
  private static final long FIRST_PAYMENT = 138_400_000_001L;
  private static final long FIRST_ORDER = 41_700_000_001L;

  private final InstantSource clock;
  private final Map<Long, PaymentState> payments = new LinkedHashMap<>();
  private final Map<String, PreferenceState> preferences = new LinkedHashMap<>();
  private final Map<String, PreferenceState> byIdempotencyKey = new LinkedHashMap<>();
  private long nextPayment = FIRST_PAYMENT;
  private long nextOrder = FIRST_ORDER;
  private Instant lastChange = Instant.EPOCH;

  MercadoPagoBooks(InstantSource clock) {
    this.clock = clock;
  }

  /** The preference of an idempotency key, made if there is none. */
  synchronized PreferenceState preference(
      @Nullable String idempotencyKey, Supplier<PreferenceState> made) {
    PreferenceState known = idempotencyKey == null ? null : byIdempotencyKey.get(idempotencyKey);
    if (known != null) {
      return known;
    }
    PreferenceState preference = made.get();
    preferences.put(preference.id(), preference);
    if (idempotencyKey != null) {
      byIdempotencyKey.put(idempotencyKey, preference);
    }
    return preference;
  }

  synchronized long newOrderId() {
    return nextOrder++;
  }

  synchronized Optional<PreferenceState> preferenceOf(String externalReference) {
    return preferences.values().stream()
        .filter(preference -> externalReference.equals(preference.externalReference()))
        .findFirst();
  }

  synchronized Optional<PreferenceState> preferenceById(String id) {
    return Optional.ofNullable(preferences.get(id));
  }

  synchronized Optional<PreferenceState> preferenceOfOrder(long orderId) {
    return preferences.values().stream()
        .filter(preference -> preference.orderId() == orderId)
        .findFirst();
  }

  synchronized PaymentState pay(PreferenceState preference, String status, String detail) {
    return add(
        preference.orderId(),
        preference.externalReference(),
        preference.contactId(),
        preference.amount(),
        preference.currency(),
        status,
        detail);
  }

  synchronized PaymentState add(
      long orderId,
      @Nullable String externalReference,
      @Nullable String contactId,
      BigDecimal amount,
      String currency,
      String status,
      String detail) {
    Instant now = tick();
    long id = nextPayment++;
    var payment =
        new PaymentState(
            id,
            orderId,
            externalReference,
            contactId,
            amount,
            currency,
            "buyer-" + id + "@example.test",
            status,
            detail,
            now,
            now);
    payments.put(id, payment);
    return payment;
  }

  synchronized PaymentState change(long id, String status, String detail) {
    PaymentState before = payments.get(id);
    if (before == null) {
      throw new IllegalArgumentException("no payment " + id);
    }
    PaymentState after = before.changed(status, detail, tick());
    payments.put(id, after);
    return after;
  }

  /** Each change has a time of its own, as a version must. */
  private Instant tick() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    lastChange = now.isAfter(lastChange) ? now : lastChange.plusMillis(1);
    return lastChange;
  }

  synchronized Optional<PaymentState> payment(long id) {
    return Optional.ofNullable(payments.get(id));
  }

  synchronized List<PaymentState> paymentsOfOrder(long orderId) {
    return payments.values().stream().filter(payment -> payment.orderId() == orderId).toList();
  }

  /** All payments by the time of their last change. */
  synchronized List<PaymentState> payments() {
    var all = new ArrayList<>(payments.values());
    all.sort(Comparator.comparing(PaymentState::updatedAt));
    return all;
  }
}

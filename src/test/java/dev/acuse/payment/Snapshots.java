package dev.acuse.payment;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds what MercadoPago says of a payment; begins as one that fits {@link PaymentFixture}. */
final class Snapshots {
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private final String mpPaymentId;
  private String status = "approved";
  private @Nullable String statusDetail;
  private @Nullable BigDecimal amount = new BigDecimal("1500.5");
  private @Nullable String currency = "ARS";
  private @Nullable String collectorId = PaymentFixture.COLLECTOR;
  private @Nullable String externalReference;
  private @Nullable String metadataReference;
  private @Nullable String preferenceId;
  private @Nullable String contactId;
  private @Nullable String payerEmail;
  private @Nullable Instant mpUpdatedAt = NOON;
  private @Nullable BigDecimal amountRefunded;
  private @Nullable Instant approvedAt;

  private Snapshots(String mpPaymentId) {
    this.mpPaymentId = mpPaymentId;
  }

  static Snapshots payment(String mpPaymentId) {
    return new Snapshots(mpPaymentId);
  }

  Snapshots status(String value) {
    status = value;
    return this;
  }

  Snapshots detail(@Nullable String value) {
    statusDetail = value;
    return this;
  }

  Snapshots amount(@Nullable String value) {
    amount = value == null ? null : new BigDecimal(value);
    return this;
  }

  Snapshots refunded(@Nullable String value) {
    amountRefunded = value == null ? null : new BigDecimal(value);
    return this;
  }

  /** Seconds after noon. */
  Snapshots approvedAt(long seconds) {
    approvedAt = NOON.plusSeconds(seconds);
    return this;
  }

  Snapshots currency(@Nullable String value) {
    currency = value;
    return this;
  }

  Snapshots collector(@Nullable String value) {
    collectorId = value;
    return this;
  }

  Snapshots reference(@Nullable String value) {
    externalReference = value;
    return this;
  }

  Snapshots metadataReference(@Nullable String value) {
    metadataReference = value;
    return this;
  }

  Snapshots preference(@Nullable String value) {
    preferenceId = value;
    return this;
  }

  Snapshots contact(@Nullable String value) {
    contactId = value;
    return this;
  }

  Snapshots email(@Nullable String value) {
    payerEmail = value;
    return this;
  }

  /** Seconds after noon. */
  Snapshots at(long seconds) {
    return at(NOON.plusSeconds(seconds));
  }

  Snapshots at(@Nullable Instant value) {
    mpUpdatedAt = value;
    return this;
  }

  PaymentSnapshot build() {
    return new PaymentSnapshot(
        mpPaymentId,
        status,
        statusDetail,
        amount,
        amountRefunded,
        currency,
        collectorId,
        externalReference,
        metadataReference,
        preferenceId,
        contactId,
        payerEmail,
        mpUpdatedAt,
        approvedAt);
  }
}

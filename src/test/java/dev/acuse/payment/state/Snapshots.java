package dev.acuse.payment.state;

import dev.acuse.payment.PaymentFixture;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds what MercadoPago says of a payment; begins as one that fits {@link PaymentFixture}. */
public final class Snapshots {
  public static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

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

  public static Snapshots payment(String mpPaymentId) {
    return new Snapshots(mpPaymentId);
  }

  public Snapshots status(String value) {
    status = value;
    return this;
  }

  public Snapshots detail(@Nullable String value) {
    statusDetail = value;
    return this;
  }

  public Snapshots amount(@Nullable String value) {
    amount = value == null ? null : new BigDecimal(value);
    return this;
  }

  public Snapshots refunded(@Nullable String value) {
    amountRefunded = value == null ? null : new BigDecimal(value);
    return this;
  }

  /** Seconds after noon. */
  public Snapshots approvedAt(long seconds) {
    approvedAt = NOON.plusSeconds(seconds);
    return this;
  }

  public Snapshots currency(@Nullable String value) {
    currency = value;
    return this;
  }

  public Snapshots collector(@Nullable String value) {
    collectorId = value;
    return this;
  }

  public Snapshots reference(@Nullable String value) {
    externalReference = value;
    return this;
  }

  public Snapshots metadataReference(@Nullable String value) {
    metadataReference = value;
    return this;
  }

  public Snapshots preference(@Nullable String value) {
    preferenceId = value;
    return this;
  }

  public Snapshots contact(@Nullable String value) {
    contactId = value;
    return this;
  }

  public Snapshots email(@Nullable String value) {
    payerEmail = value;
    return this;
  }

  /** Seconds after noon. */
  public Snapshots at(long seconds) {
    return at(NOON.plusSeconds(seconds));
  }

  public Snapshots at(@Nullable Instant value) {
    mpUpdatedAt = value;
    return this;
  }

  public PaymentSnapshot build() {
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

package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What MercadoPago says of a payment now.
 *
 * @param preferenceId known only by way of the merchant order; a payment itself carries none
 * @param metadataReference the external reference as our own metadata on the preference names it
 * @param contactId the CRM contact as the payment's metadata names it
 * @param amount in units of the currency
 * @param amountRefunded {@code transaction_amount_refunded}, in the same units; null if absent
 * @param mpUpdatedAt {@code date_last_updated}; null if absent or unreadable
 * @param approvedAt {@code date_approved}; null if it never was, or if absent or unreadable
 * @param details what no rule judges the payment by
 */
public record PaymentSnapshot(
    String mpPaymentId,
    String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal amountRefunded,
    @Nullable String currency,
    @Nullable String collectorId,
    @Nullable String externalReference,
    @Nullable String metadataReference,
    @Nullable String preferenceId,
    @Nullable String contactId,
    @Nullable String payerEmail,
    @Nullable Instant mpUpdatedAt,
    @Nullable Instant approvedAt,
    PaymentDetails details) {

  /** A payment of which no details are told. */
  public PaymentSnapshot(
      String mpPaymentId,
      String status,
      @Nullable String statusDetail,
      @Nullable BigDecimal amount,
      @Nullable BigDecimal amountRefunded,
      @Nullable String currency,
      @Nullable String collectorId,
      @Nullable String externalReference,
      @Nullable String metadataReference,
      @Nullable String preferenceId,
      @Nullable String contactId,
      @Nullable String payerEmail,
      @Nullable Instant mpUpdatedAt,
      @Nullable Instant approvedAt) {
    this(
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
        approvedAt,
        PaymentDetails.NONE);
  }

  /** The same, with the preference that its merchant order names. */
  public PaymentSnapshot withPreferenceId(@Nullable String preference) {
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
        preference,
        contactId,
        payerEmail,
        mpUpdatedAt,
        approvedAt,
        details);
  }
}

package dev.acuse.dispute;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What MercadoPago says of a case, verbatim but for control characters. Each part is null where it
 * says nothing.
 *
 * @param status MercadoPago's word; an open set
 * @param stage of a claim: {@code claim}, {@code dispute}, …
 * @param type of a claim: {@code mediations}, {@code return}, …
 * @param reason the words or the code of the reason
 * @param amount in units of the currency
 * @param deadline until when the seller may answer
 * @param documentationStatus of a chargeback: how the seller's evidence stands
 * @param coverage of a chargeback: {@code applied}, {@code eligible} or {@code not_eligible}
 * @param resolution how a claim was resolved
 * @param mpUpdatedAt MercadoPago's date of the last change: the version of these words
 */
public record CaseDetails(
    @Nullable String status,
    @Nullable String stage,
    @Nullable String type,
    @Nullable String reason,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable Instant deadline,
    @Nullable String documentationStatus,
    @Nullable String coverage,
    @Nullable String resolution,
    @Nullable Instant mpCreatedAt,
    @Nullable Instant mpUpdatedAt) {
  /** Nothing is known. */
  public static final CaseDetails NONE =
      new CaseDetails(null, null, null, null, null, null, null, null, null, null, null, null);

  /** The same with the money of a payment, where the case names none. */
  CaseDetails withMoneyOf(PaymentSeen payment) {
    return withMoney(payment.amount(), payment.currency());
  }

  /** The same with the money that was known before, where the case names none. */
  CaseDetails withMoneyOf(CaseDetails before) {
    return withMoney(before.amount, before.currency);
  }

  private CaseDetails withMoney(@Nullable BigDecimal itsAmount, @Nullable String itsCurrency) {
    return amount != null || itsAmount == null
        ? this
        : new CaseDetails(
            status,
            stage,
            type,
            reason,
            itsAmount,
            itsCurrency,
            deadline,
            documentationStatus,
            coverage,
            resolution,
            mpCreatedAt,
            mpUpdatedAt);
  }
}

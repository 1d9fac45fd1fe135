package dev.acuse.mercadopago;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What MercadoPago says of a merchant order now.
 *
 * @param collectorId the seller whose order it is; null if absent
 * @param preferenceId the preference that was paid with it
 * @param payments its payments, the rejected ones too, each once
 * @param orderStatus MercadoPago's word; proves nothing ({@code paid} counts charged-back payments)
 * @param updatedAt {@code last_updated}; null if absent or unreadable
 */
public record MerchantOrder(
    String id,
    @Nullable String collectorId,
    @Nullable String preferenceId,
    @Nullable String externalReference,
    List<Entry> payments,
    @Nullable String orderStatus,
    @Nullable Instant updatedAt) {
  public MerchantOrder {
    payments = List.copyOf(payments);
  }

  /**
   * A payment as its order lists it: a hint, never a proof.
   *
   * @param status MercadoPago's word; null if absent
   * @param operationType what kind of payment it is; null if absent
   * @param modifiedAt {@code last_modified}; null if absent or unreadable
   */
  public record Entry(
      String mpPaymentId,
      @Nullable String status,
      @Nullable String operationType,
      @Nullable Instant modifiedAt) {

    /** Whether it is a card's test, which is no sale. */
    public boolean isCardValidation() {
      return MercadoPagoPayment.isCardValidation(operationType);
    }
  }

  /** MercadoPago's ids of its payments. */
  public List<String> paymentIds() {
    return payments.stream().map(Entry::mpPaymentId).toList();
  }
}

package dev.acuse.mercadopago;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What MercadoPago says of a merchant order now.
 *
 * @param preferenceId the preference that was paid with it
 * @param paymentIds its payments, the rejected ones too, each once
 * @param orderStatus MercadoPago's word; proves nothing ({@code paid} counts charged-back payments)
 */
public record MerchantOrder(
    String id,
    @Nullable String preferenceId,
    @Nullable String externalReference,
    List<String> paymentIds,
    @Nullable String orderStatus) {
  public MerchantOrder {
    paymentIds = List.copyOf(paymentIds);
  }
}

package dev.acuse.mercadopago;

import dev.acuse.payment.PaymentSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A payment as MercadoPago's API gives it.
 *
 * @param operationType for example {@code regular_payment}, or {@code card_validation}, which is no
 *     sale
 * @param merchantOrderId the way to the preference; null for a payment made without a checkout
 */
public record MercadoPagoPayment(
    PaymentSnapshot snapshot, @Nullable String operationType, @Nullable String merchantOrderId) {}

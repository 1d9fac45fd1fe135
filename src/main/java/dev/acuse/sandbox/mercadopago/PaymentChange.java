package dev.acuse.sandbox.mercadopago;

import org.jspecify.annotations.Nullable;

/**
 * Something that MercadoPago would notify about.
 *
 * @param payment as it is after the change
 * @param order of the payment, as it is after the change; null if it has none
 * @param created whether the payment is new
 * @param orderCreated whether the order is new
 */
public record PaymentChange(
    SandboxPayment payment, @Nullable SandboxOrder order, boolean created, boolean orderCreated) {}

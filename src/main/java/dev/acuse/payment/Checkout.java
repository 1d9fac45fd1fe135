package dev.acuse.payment;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant wants to be paid, and whom to tag when it is.
 *
 * @param preferenceId MercadoPago's id of the payment page
 * @param amount in units of the currency, not in cents
 * @param status {@code open}, or {@code paid} once a payment that fits is approved
 * @param initPoint the address to send the customer to
 */
public record Checkout(
    long id,
    String externalReference,
    @Nullable String preferenceId,
    String contactId,
    String title,
    BigDecimal amount,
    String currency,
    @Nullable String payerEmail,
    String status,
    @Nullable String initPoint,
    Instant createdAt,
    Instant updatedAt) {}

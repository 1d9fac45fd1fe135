package dev.acuse.payment;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant asks to be paid.
 *
 * @param externalReference the merchant's own id of it, for example of an appointment or an order
 * @param contactId the contact in the CRM who will wear the tags
 * @param amount in units of the currency, not in cents
 * @param currency ISO 4217
 * @param title what the customer reads on the payment page
 * @param payerEmail prefilled on the payment page
 */
public record CheckoutRequest(
    String externalReference,
    String contactId,
    BigDecimal amount,
    String currency,
    String title,
    @Nullable String payerEmail) {}

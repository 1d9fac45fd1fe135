package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.payment.state.Checkout;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A checkout as the API shows it.
 *
 * @param account the name of the account whose it is
 */
@JsonNaming(SnakeCaseStrategy.class)
record CheckoutView(
    long id,
    String account,
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
    Instant updatedAt) {

  static CheckoutView of(Checkout checkout, String account) {
    return new CheckoutView(
        checkout.id(),
        account,
        checkout.externalReference(),
        checkout.preferenceId(),
        checkout.contactId(),
        checkout.title(),
        checkout.amount(),
        checkout.currency(),
        checkout.payerEmail(),
        checkout.status(),
        checkout.initPoint(),
        checkout.createdAt(),
        checkout.updatedAt());
  }
}

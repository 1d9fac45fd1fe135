package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.payment.state.Payment;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment as the API shows it.
 *
 * @param account the name of the account whose it is
 */
@JsonNaming(SnakeCaseStrategy.class)
record PaymentView(
    long id,
    String account,
    String mpPaymentId,
    @Nullable Long checkoutId,
    @Nullable String externalReference,
    @Nullable String contactId,
    String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal amountRefunded,
    @Nullable String currency,
    @Nullable String payerEmail,
    @Nullable Instant mpUpdatedAt,
    @Nullable String flag,
    @Nullable String flagDetail,
    @Nullable Instant acceptedAt,
    Instant createdAt,
    Instant updatedAt) {

  static PaymentView of(Payment payment, String account) {
    return new PaymentView(
        payment.id(),
        account,
        payment.mpPaymentId(),
        payment.checkoutId(),
        payment.externalReference(),
        payment.contactId(),
        payment.status(),
        payment.statusDetail(),
        payment.amount(),
        payment.amountRefunded(),
        payment.currency(),
        payment.payerEmail(),
        payment.mpUpdatedAt(),
        payment.flag(),
        payment.flagDetail(),
        payment.acceptedAt(),
        payment.createdAt(),
        payment.updatedAt());
  }
}

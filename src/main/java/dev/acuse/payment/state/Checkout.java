package dev.acuse.payment.state;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant wants to be paid, and whom to tag when it is.
 *
 * @param accountId whose it is; what a version before has written down is of its only account
 * @param preferenceId MercadoPago's id of the payment page
 * @param amount in units of the currency, not in cents
 * @param status {@code open}; {@code partly_paid} and {@code paid} by what is approved; once it was
 *     paid and something was given back, {@code partly_refunded} and {@code refunded}; {@code
 *     disputed} while money that is missing is disputed
 * @param initPoint the address to send the customer to
 * @param paidAt when its amount was there for the first time, by our clock; null if that was never
 *     seen
 */
public record Checkout(
    long id,
    long accountId,
    String externalReference,
    @Nullable String preferenceId,
    String contactId,
    String title,
    BigDecimal amount,
    String currency,
    @Nullable String payerEmail,
    String status,
    @Nullable String initPoint,
    @Nullable Instant paidAt,
    Instant createdAt,
    Instant updatedAt) {
  private static final long ONLY_ACCOUNT = 1;

  /** Fills in whose it is, where that was written down by a version before. */
  public Checkout {
    accountId = accountId == 0 ? ONLY_ACCOUNT : accountId;
  }
}

package dev.acuse.payment;

import org.jspecify.annotations.Nullable;

/**
 * By what payments are judged; by themselves the same for every account.
 *
 * @param collectorId the MercadoPago account that must have been paid; null compares none
 * @param findsContact whether a payer without a known contact is searched for in the CRM by e-mail
 */
public record PaymentRules(TagRules tags, @Nullable String collectorId, boolean findsContact)
    implements AccountRules {

  @Override
  public PaymentRules of(long accountId) {
    return this;
  }
}

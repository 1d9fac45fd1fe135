package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import org.jspecify.annotations.Nullable;

/**
 * Whether an account was paid. A search lists what a seller paid as well, and that belongs to the
 * account of another seller, or to none here.
 */
final class Payee {
  private Payee() {}

  /**
   * @param collectorId who was paid; null if the search does not tell, and then a look-up will
   */
  static boolean isPaid(Account account, @Nullable String collectorId) {
    return account.sellerId() == null
        || collectorId == null
        || account.sellerId().equals(collectorId);
  }
}

package dev.acuse.mercadopago.handler;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose something is, by the seller whom MercadoPago calls its collector. Thread-safe. */
final class Sellers {
  private final Accounts accounts;

  Sellers(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * Whether what this seller collects is the account's. While there is no other account, all is:
   * what went elsewhere is flagged then, if the seller is known.
   *
   * @param collectorId null if MercadoPago did not say
   */
  boolean isOf(long accountId, @Nullable String collectorId) {
    AccountSet all = accounts.current();
    if (all.isMainAlone()) {
      return true;
    }
    String seller = all.byId(accountId).map(Account::sellerId).orElse(null);
    if (seller != null) {
      return seller.equals(collectorId);
    }
    // Of an account whose seller is not known, no more is known than what is another's.
    return collectorId == null
        || all.bySeller(collectorId).filter(other -> other.id() != accountId).isEmpty();
  }

  /** The other account of the same application that has this seller. */
  Optional<Account> otherWith(long accountId, String collectorId) {
    return accounts
        .current()
        .bySeller(collectorId)
        .filter(other -> others(accountId).contains(other));
  }

  /** The other accounts whose webhooks the application of this one signs, by their ids. */
  List<Account> others(long accountId) {
    AccountSet all = accounts.current();
    return all
        .byId(accountId)
        .map(account -> all.ownedBy(account.applicationId()))
        .orElse(List.of())
        .stream()
        .filter(other -> other.id() != accountId && other.isActive())
        .toList();
  }
}

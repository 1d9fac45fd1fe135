package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.HeldSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accounts that a test makes, pauses and removes. Thread-safe. */
public final class SettableAccounts implements Accounts {
  private volatile AccountSet current = EnvironmentAccount.NONE.alone();

  @Override
  public AccountSet current() {
    return current;
  }

  @Override
  public boolean isKnown() {
    return true;
  }

  @Override
  public Reading fresh() {
    return new Reading(current, true);
  }

  @Override
  public void follow(Consumer<AccountSet> follower) {
    follower.accept(current);
  }

  /** Makes an account, or another of the one with this id. */
  public void set(long id, AccountState state, @Nullable String sellerId) {
    List<Account> all = new ArrayList<>(current.all());
    all.removeIf(account -> account.id() == id);
    String name = id == 1 ? Account.MAIN_NAME : "a" + id;
    all.add(
        new Account(
            id,
            new UUID(0, id),
            name,
            name,
            state,
            1,
            sellerId,
            null,
            HeldSecret.NONE,
            HeldSecret.NONE,
            null,
            HeldSecret.NONE,
            null,
            Set.of()));
    current = new AccountSet(current.version() + 1, all, current.applications());
  }
}

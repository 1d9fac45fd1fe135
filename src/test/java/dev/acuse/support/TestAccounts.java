package dev.acuse.support;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.HeldSecret;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Accounts for tests. */
public final class TestAccounts {
  /** {@code main} and no other, as it is until a second account is made. */
  public static final KnownAccounts MAIN_ALONE =
      new KnownAccounts() {
        @Override
        public Set<Long> ids() {
          return Set.of(Place.MAIN_ACCOUNT);
        }

        @Override
        public List<Lane> lanesOf(long accountId) {
          return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
        }
      };

  private TestAccounts() {}

  /** {@code main}, of id 1, and these, of the ids from 2 on; none has a credential. */
  public static Accounts mainAnd(String... names) {
    AccountSet alone = EnvironmentAccount.NONE.alone();
    List<Account> all = new ArrayList<>(alone.all());
    for (String name : names) {
      all.add(
          new Account(
              all.size() + 1L,
              UUID.nameUUIDFromBytes(new byte[] {(byte) all.size()}),
              name,
              name,
              AccountState.ACTIVE,
              alone.main().applicationId(),
              null,
              null,
              HeldSecret.NONE,
              HeldSecret.NONE,
              null,
              HeldSecret.NONE,
              null,
              Set.of()));
    }
    return Accounts.fixed(new AccountSet(1, all, alone.applications()));
  }
}

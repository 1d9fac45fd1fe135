package dev.acuse.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.access.AccessRole;
import dev.acuse.access.Grantor;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountStore;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.LiveAccounts;
import dev.acuse.account.seal.Keys;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.http.ProblemException;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountDeskTest {
  private static final Grantor ADMIN_OF_MAIN =
      new Grantor("key:main", AccessRole.ADMIN, Scope.of(Place.MAIN_ACCOUNT));
  private static final AccountInput TOKEN =
      AccountInput.of(
          AccountChange.NONE.withAccessToken(Secret.of("APP_USR-7910-0302-0123456789abcdef-2000")));

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final ManualClock clock = ManualClock.create();

  @AfterEach
  void close() {
    database.close();
  }

  private AccountDesk desk(EnvironmentAccount environment) {
    var keys = new Keys(Secret.of(Base64.getEncoder().encodeToString(new byte[32])), null);
    var store = new AccountStore(database.jdbi(), clock, keys, environment, () -> false);
    var accounts = new LiveAccounts(store, null, LiveAccounts.EVERY, () -> 0);
    accounts.look();
    return new AccountDesk(store, accounts, clock);
  }

  /** What names the seller is a part of the token that anybody can write. */
  @Test
  void aTokenOfAnAdminOfSomeSetsNoSeller() {
    AccountDesk desk = desk(EnvironmentAccount.NONE);

    assertThatThrownBy(() -> desk.change("main", TOKEN, ADMIN_OF_MAIN))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refusal -> {
              assertThat(refusal.getResponse().getStatus()).isEqualTo(403);
              assertThat(refusal.detail()).contains("access_token");
            });
    assertThat(desk.change("main", TOKEN, Grantor.root("api-token")).sellerId()).isEqualTo("2000");
    assertThat(desk.change("main", TOKEN, ADMIN_OF_MAIN).accessToken().tail()).isEqualTo("2000");
  }
}

package dev.acuse;

import static dev.acuse.AccountStage.account;
import static dev.acuse.AccountStage.withState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.event.Lane;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeenAccountsTest {

  @Test
  void anAccountThatIsDisconnectedSeesNothingOfTheLaneThatItHadAtItsLocation() {
    Account before = withState(account(2, "loc1"), AccountState.DISCONNECTED);
    var accounts =
        Accounts.fixed(
            new AccountSet(
                1,
                List.of(account(1, null), before, account(3, "loc1")),
                EnvironmentAccount.NONE.alone().applications()));
    var seen = new SeenAccounts(accounts);

    assertThat(seen.lanesOf(3)).containsExactly(Lane.mercadoPago(3), Lane.crm(3, "loc1"));
    assertThat(seen.lanesOf(2)).containsExactly(Lane.mercadoPago(2), Lane.crm(2, null));
  }
}

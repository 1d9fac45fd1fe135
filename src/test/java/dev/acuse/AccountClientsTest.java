package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.Lane;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.text.Secret;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccountClientsTest {
  private static final long B = 2;
  private static final long C = 3;

  private final RemoteSystem system =
      new RemoteSystem("mercadopago", 5, Duration.ofSeconds(10), ManualClock.create());
  private final Changing accounts = new Changing();
  private final Slow maker = new Slow();

  /** A client of the test: what its calls pass. */
  private record Client(Guard guard) {}

  @Test
  void whatIsForgottenIsNoLaneOfAnAccountThatIsThere() throws Exception {
    accounts.set(TestAccounts.mainAnd("b").current());
    var clients = new AccountClients<>(accounts, system, maker);
    clients.of(B);
    assertThat(system.lanes()).hasSize(2);

    accounts.set(TestAccounts.mainAnd().current());

    assertThat(system.lanes()).singleElement().extracting("code").isEqualTo(lane(1));
    assertThat(clients.of(B).guard()).as("of no account").isEqualTo(Guard.NONE);
  }

  /**
   * A change is followed while a client is made of an account that is newer: the client's lane must
   * be the one that the system has, or its breaker would hold nothing back.
   */
  @Test
  void aLaneIsNotForgottenJustAsItIsMade() throws Exception {
    accounts.set(TestAccounts.mainAnd().current());
    var clients = new AccountClients<>(accounts, system, maker);

    // The change to B stops while it makes the client of B.
    maker.hold();
    CompletableFuture<Void> change =
        CompletableFuture.runAsync(() -> accounts.set(TestAccounts.mainAnd("b").current()));
    maker.awaitHeld();
    // By now there is C too, and a call of C waits for its client.
    accounts.setUnfollowed(TestAccounts.mainAnd("b", "c").current());
    var made = new CompletableFuture<Client>();
    var caller = new Thread(() -> made.complete(clients.of(C)), "the call of C");
    caller.setDaemon(true);
    caller.start();
    await().until(() -> caller.getState() == Thread.State.BLOCKED || made.isDone());
    maker.goOn();
    change.get(30, TimeUnit.SECONDS);

    Guard guard = made.get(30, TimeUnit.SECONDS).guard();
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new RemoteException.Unauthorized("the token was revoked", 401);
                    }))
        .isInstanceOf(RemoteException.Unauthorized.class);
    assertThat(system.lane(lane(C)).isOwnUp()).as("the system knows of the refusal").isFalse();
  }

  private static String lane(long account) {
    return Lane.mercadoPago(account).code();
  }

  /** Makes clients, and stops in the middle of it if a test says so. */
  private static final class Slow implements AccountClients.Maker<Client> {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private volatile boolean holds;

    void hold() {
      holds = true;
    }

    void awaitHeld() throws InterruptedException {
      assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void goOn() {
      holds = false;
      goesOn.countDown();
    }

    @Override
    public AccountClients.Parts parts(Account account) {
      return new AccountClients.Parts(
          Lane.mercadoPago(account.id()), Secret.of("token-" + account.id()), null);
    }

    @Override
    public Client client(Secret token, @Nullable String address) {
      if (holds) {
        held.countDown();
        try {
          assertThat(goesOn.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return new Client(Guard.NONE);
    }

    @Override
    public Client through(Client client, Guard guard) {
      return new Client(guard);
    }
  }

  /** Accounts that a test changes. */
  private static final class Changing implements Accounts {
    private volatile AccountSet current = TestAccounts.mainAnd().current();
    private volatile Consumer<AccountSet> follower = all -> {};

    void set(AccountSet all) {
      current = all;
      follower.accept(all);
    }

    /** As it is between a change and its followers. */
    void setUnfollowed(AccountSet all) {
      current = all;
    }

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
    public void follow(Consumer<AccountSet> its) {
      follower = its;
      its.accept(current);
    }
  }
}

package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.support.IntakeAccounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccountAddressesTest {
  private final IntakeAccounts accounts = new IntakeAccounts("100", "main-secret");

  /** Readings that wait until they may go on. */
  private static final class Slow implements Accounts {
    private final IntakeAccounts accounts;
    private final AtomicInteger readings = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final AtomicBoolean fails = new AtomicBoolean();

    private Slow(IntakeAccounts accounts) {
      this.accounts = accounts;
    }

    @Override
    public AccountSet current() {
      return accounts.current();
    }

    @Override
    public boolean isKnown() {
      return accounts.isKnown();
    }

    /** What was there when it began. */
    @Override
    public Reading fresh() {
      readings.incrementAndGet();
      if (fails.get()) {
        throw new IllegalStateException("a fault of the reading");
      }
      Reading reading = accounts.fresh();
      begun.countDown();
      try {
        assertThat(mayEnd.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return reading;
    }

    @Override
    public void follow(Consumer<AccountSet> follower) {
      accounts.follow(follower);
    }
  }

  @Test
  void thoseWhoAskDuringAReadingHaveOneThatBeginsAfterwards() throws Exception {
    var slow = new Slow(accounts);
    var addresses = new AccountAddresses(slow);
    CompletableFuture<AccountAddresses.Found> first = addresses.find("b");
    assertThat(slow.begun.await(30, TimeUnit.SECONDS)).isTrue();
    accounts.application(2, null, "b-secret").account(2, "b", 2, "200");
    List<CompletableFuture<AccountAddresses.Found>> later = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      later.add(addresses.find("b"));
    }
    CompletableFuture<AccountAddresses.Found> none = addresses.find("none");

    slow.mayEnd.countDown();

    assertThat(first.get()).isEqualTo(AccountAddresses.Found.NO);
    for (CompletableFuture<AccountAddresses.Found> one : later) {
      assertThat(one.get()).isEqualTo(AccountAddresses.Found.YES);
    }
    assertThat(none.get()).isEqualTo(AccountAddresses.Found.NO);
    assertThat(slow.readings).hasValue(2);
  }

  @Test
  void beyondAThousandNoMoreWait() throws Exception {
    var slow = new Slow(accounts);
    var addresses = new AccountAddresses(slow);
    CompletableFuture<AccountAddresses.Found> first = addresses.find("b");
    assertThat(slow.begun.await(30, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i < 1_000; i++) {
      var unused = addresses.find("b");
    }

    CompletableFuture<AccountAddresses.Found> beyond = addresses.find("b");

    assertThat(beyond).isCompletedWithValue(AccountAddresses.Found.UNSURE);
    slow.mayEnd.countDown();
    assertThat(first.get()).isEqualTo(AccountAddresses.Found.NO);
  }

  @Test
  void aReadingThatFailsSaysNothingAndTheNextIsMade() throws Exception {
    var slow = new Slow(accounts);
    slow.mayEnd.countDown();
    slow.fails.set(true);
    var addresses = new AccountAddresses(slow);
    assertThat(addresses.find("b").get()).isEqualTo(AccountAddresses.Found.UNSURE);
    slow.fails.set(false);

    assertThat(addresses.find("b").get()).isEqualTo(AccountAddresses.Found.NO);
  }

  @Test
  void whileTheReadingHangsNothingIsSaid() throws Exception {
    var slow = new Slow(accounts);
    var addresses = new AccountAddresses(slow);

    assertThat(addresses.find("b").get()).isEqualTo(AccountAddresses.Found.UNSURE);
    slow.mayEnd.countDown();
    assertThat(addresses.isKnown(null)).isTrue();
  }
}

package dev.acuse.mercadopago.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.account.AccountState;
import dev.acuse.event.Scope;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Cause;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun.Status;
import dev.acuse.remote.RemoteException;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An hour of thirty accounts, one of which is slow, one revoked and one large: as many threads as
 * there are places, each with a time of its own that goes on by what its calls take. The thread
 * that is the furthest behind takes the next turn. The turns are a matter of the process, so that
 * one engine shows it; {@link ReconcilerTest} has the statements on both.
 */
@Timeout(180)
class FairTurnsTest {
  private static final int ACCOUNTS = 30;
  private static final long SLOW = 7;
  private static final long REVOKED = 11;
  private static final long LARGE = 13;
  private static final Duration HOUR = Duration.ofHours(1);

  /** The times of the threads, since the start. */
  private final Duration[] times = new Duration[Reconciler.PLACES];

  private int current;

  private final ReconcilerFixture fixture;
  private final Instant begin;
  private final Sandbox large;

  FairTurnsTest() {
    this.fixture = new ReconcilerFixture(Engine.H2);
    this.begin = fixture.clock.instant();
    this.large = Sandbox.start(SandboxOptions.defaults(fixture.remoteClock));
  }

  @AfterEach
  void close() {
    large.close();
    fixture.close();
  }

  @Test
  void noAccountIsLaterThanTwiceItsPeriod() {
    for (long id = 1; id <= ACCOUNTS; id++) {
      fixture.accounts.set(id, AccountState.ACTIVE, null);
      Duration takes = id == SLOW ? Duration.ofSeconds(5) : Duration.ofMillis(200);
      fixture.ask(id, id == LARGE ? large : fixture.sandbox, new TimedGuard(() -> goOn(takes)));
    }
    fixture.ask(REVOKED, fixture.sandbox, new Refusing());
    for (int i = 0; i < 3_000; i++) {
      large
          .mercadoPago()
          .put(
              SandboxPayment.of(
                  1_000 + i,
                  BigDecimal.TEN,
                  ReconcilerFixture.COLLECTOR,
                  PaymentOutcome.APPROVED,
                  begin.minusSeconds(4_000 - i)));
    }
    Reconciler instance = fixture.instance("one", () -> {});

    passAnHour(instance);

    Duration atMost = fixture.config.every().multipliedBy(2);
    for (long id = 1; id <= ACCOUNTS; id++) {
      List<ReconciliationRun> runs =
          fixture.reader.page(Scope.of(id), null, 100).stream()
              .sorted(Comparator.comparing(ReconciliationRun::id))
              .toList();
      if (id == REVOKED) {
        assertThat(runs).as("one that waits").hasSize(1);
        assertThat(runs.get(0).status()).isEqualTo(Status.WAITING);
        continue;
      }
      assertThat(runs).as("account %d", id).hasSizeBetween(4, 8);
      Instant last = begin;
      for (ReconciliationRun run : runs) {
        assertThat(run.status()).isEqualTo(Status.DONE);
        assertThat(run.cause()).isEqualTo(Cause.SCHEDULE);
        assertThat(run.resumed()).isZero();
        assertThat(Duration.between(last, run.createdAt()))
            .as("account %d, run %d", id, run.id())
            .isLessThanOrEqualTo(atMost);
        last = run.createdAt();
      }
      assertThat(Duration.between(last, begin.plus(HOUR))).isLessThanOrEqualTo(atMost);
    }
    assertThat(fixture.reader.page(Scope.of(LARGE), null, 100).stream())
        .anySatisfy(run -> assertThat(run.tally().remote()).isEqualTo(3_000));
    assertNothingGrows(instance);
  }

  /** What is kept is a place in the queue for each account, and none when it has gone. */
  private void assertNothingGrows(Reconciler instance) {
    assertThat(instance.accounts()).isEqualTo(ACCOUNTS);
    for (long id = 2; id <= ACCOUNTS; id++) {
      fixture.accounts.set(id, AccountState.DISCONNECTED, null);
    }
    instance.turn(() -> HOUR.multipliedBy(2).toNanos());
    assertThat(instance.accounts()).isEqualTo(1);
  }

  private void passAnHour(Reconciler instance) {
    for (int i = 0; i < times.length; i++) {
      times[i] = Duration.ZERO;
    }
    while (true) {
      current = 0;
      for (int i = 1; i < times.length; i++) {
        current = times[i].compareTo(times[current]) < 0 ? i : current;
      }
      if (times[current].compareTo(HOUR) >= 0) {
        return;
      }
      goOn(Duration.ZERO);
      if (!instance.turn(() -> times[current].toNanos())) {
        goOn(Duration.ofSeconds(1));
      }
    }
  }

  private void goOn(Duration by) {
    times[current] = times[current].plus(by);
    fixture.clock.set(begin.plus(times[current]));
  }

  private final class Refusing extends TimedGuard {
    Refusing() {
      super(() -> goOn(Duration.ofMillis(200)));
    }

    @Override
    public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
      goOn(Duration.ofMillis(200));
      throw new RemoteException.Unauthorized("the token was revoked", 401);
    }
  }
}

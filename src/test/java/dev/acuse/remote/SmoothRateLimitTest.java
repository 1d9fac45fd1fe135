package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SmoothRateLimitTest {
  /** One turn in 10 s: whoever comes second would wait for longer than anyone may. */
  private static final int ONE_TURN = 1;

  @Test
  void turnAwaitedTooLongIsRefusedAtOnceWithATimeToComeBack() throws Exception {
    var limit = new SmoothRateLimit(ONE_TURN);
    limit.await();

    assertThatExceptionOfType(RemoteException.Throttled.class)
        .isThrownBy(limit::await)
        .satisfies(e -> assertThat(e.retryAfter()).isPositive());
  }

  @Test
  void thoseWhoAreTurnedAwayComeBackOneAfterTheOther() throws Exception {
    var limit = new SmoothRateLimit(ONE_TURN);
    limit.await();
    List<Duration> returns = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      returns.add(retryAfter(limit));
    }

    for (int i = 2; i < returns.size(); i++) {
      // each comes a turn later than the one before, less the time this loop takes
      assertThat(returns.get(i)).isGreaterThan(returns.get(i - 1).plusSeconds(5));
    }
  }

  @Test
  void noOneIsSentAwayForMoreThanAnHour() throws Exception {
    var limit = new SmoothRateLimit(ONE_TURN);
    limit.await();
    for (int i = 0; i < 1000; i++) {
      assertThat(retryAfter(limit)).isLessThanOrEqualTo(Duration.ofHours(1).plusSeconds(2));
    }
  }

  @Test
  void callersWaitForATurnThatComesWithinTheirPatience() throws Exception {
    var limit = new SmoothRateLimit(80);
    ExecutorService callers = Executors.newFixedThreadPool(40);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(() -> gotTurn(limit));
      }
      int turns = 0;
      for (Future<Boolean> call : callers.invokeAll(calls)) {
        turns += call.get() ? 1 : 0;
      }
      // 2 s of patience hold 16 turns of 125 ms; a slow machine adds those of its own delays
      assertThat(turns).isGreaterThanOrEqualTo(16);
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void interruptedCallerIsSentAwayAndStaysInterrupted() throws Exception {
    var limit = new SmoothRateLimit(10);
    limit.await();
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(RemoteException.Throttled.class).isThrownBy(limit::await);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static boolean gotTurn(SmoothRateLimit limit) {
    try {
      limit.await();
      return true;
    } catch (RemoteException.Throttled e) {
      return false;
    }
  }

  private static Duration retryAfter(SmoothRateLimit limit) {
    try {
      limit.await();
      throw new AssertionError("there was room");
    } catch (RemoteException.Throttled e) {
      return e.retryAfter();
    }
  }
}

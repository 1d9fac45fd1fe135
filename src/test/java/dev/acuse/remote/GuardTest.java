package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.remote.RemoteException.BreakerOpen;
import dev.acuse.remote.RemoteException.Throttled;
import dev.acuse.remote.RemoteException.Unavailable;
import dev.acuse.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Guards in series: each is asked in turn, and none learns from a call that another refused. */
class GuardTest {
  private final ManualClock clock = ManualClock.create();
  private final Breaker front = breaker("front");
  private final Breaker behind = breaker("behind");
  private final Guard both = front.then(behind);

  @Test
  void aCallPassesBothAndBothLearnFromIt() throws Exception {
    assertThat(both.call(() -> "answer")).isEqualTo("answer");
    assertThat(both.isUp()).isTrue();

    for (int i = 0; i < 4; i++) {
      fail(both, new Unavailable("503", 503, null, null));
    }

    assertThat(front.isUp()).isFalse();
    assertThat(behind.isUp()).isFalse();
    assertThat(both.isUp()).isFalse();
  }

  @Test
  void theOneInFrontIsAskedFirstAndTheOneBehindLearnsNothing() {
    leftAlone(front, Duration.ofMinutes(1));

    assertOpen("front");
    assertThat(behind.isUp()).isTrue();
    assertThat(both.isUp()).isFalse();
  }

  @Test
  void aProbeThatTheOneBehindRefusesIsNotUsedUp() throws Exception {
    leftAlone(front, Duration.ofMinutes(1));
    leftAlone(behind, Duration.ofMinutes(2));

    clock.advance(Duration.ofMinutes(1));
    assertOpen("behind");
    assertOpen("behind");
    assertThat(front.isUp()).as("nothing was asked").isFalse();

    clock.advance(Duration.ofMinutes(1));
    assertThat(both.call(() -> "probe of both")).isEqualTo("probe of both");
    assertThat(both.isUp()).isTrue();
  }

  @Test
  void aProbeThatARateBehindRefusesIsNotUsedUp() throws Exception {
    var rate = new PacedRate("front", 1, 10, () -> 1, System::nanoTime);
    rate.call(() -> "the turn's only call");
    leftAlone(front, Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1));

    assertThatExceptionOfType(Throttled.class)
        .isThrownBy(() -> front.then(rate).call(() -> "not made"));

    assertThat(front.isUp()).isFalse();
    assertThat(front.call(() -> "probe")).isEqualTo("probe");
    assertThat(front.isUp()).isTrue();
  }

  private void assertOpen(String name) {
    assertThatExceptionOfType(BreakerOpen.class)
        .isThrownBy(() -> both.call(() -> "not made"))
        .satisfies(open -> assertThat(open.system()).isEqualTo(name));
  }

  private static void leftAlone(Guard guard, Duration asked) {
    fail(guard, new Unavailable("503", 503, asked, null));
    assertThat(guard.isUp()).isFalse();
  }

  private static void fail(Guard guard, RemoteException failure) {
    assertThatExceptionOfType(RemoteException.class)
        .isThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  private Breaker breaker(String name) {
    return new Breaker(
        name,
        "",
        Breaker.Concern.SYSTEM,
        new DispatchConfiguration().breakerFailures(),
        new DispatchConfiguration().probeEvery(),
        clock);
  }
}

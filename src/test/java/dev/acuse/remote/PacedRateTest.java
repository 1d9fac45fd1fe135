package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.acuse.remote.RemoteException.Throttled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By a clock of its own, but for the patient guard. */
class PacedRateTest {
  private static final long DAY = TimeUnit.DAYS.toNanos(1);

  private final AtomicLong nanos = new AtomicLong(-5);
  private final AtomicInteger instances = new AtomicInteger(1);

  @Test
  void callThatComesTooEarlyIsRefusedAtOnceWithTheTimeOfTheNextTurn() throws Exception {
    PacedRate rate = rate(80, 1_000_000);
    assertThat(rate.call(() -> "answer")).isEqualTo("answer");
    advance(Duration.ofMillis(25));

    assertThatExceptionOfType(Throttled.class)
        .isThrownBy(() -> rate.call(() -> "not made"))
        .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMillis(100)));
    advance(Duration.ofMillis(100));
    assertThat(rate.call(() -> "answer")).isEqualTo("answer");
  }

  @Test
  void noWindowOfTenSecondsHoldsMoreThanTheLimitAndOne() {
    PacedRate rate = rate(80, 1_000_000);
    List<Long> calls = new ArrayList<>();
    var random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      // Quiet times, bursts, and callers that are late.
      nanos.addAndGet(
          random.nextInt(500) == 0
              ? TimeUnit.SECONDS.toNanos(random.nextInt(30))
              : random.nextInt(10_000_000));
      if (taken(rate)) {
        calls.add(nanos.get());
      }
    }

    int first = 0;
    for (int last = 0; last < calls.size(); last++) {
      while (calls.get(last) - calls.get(first) >= TimeUnit.SECONDS.toNanos(10)) {
        first++;
      }
      assertThat(last - first + 1).isLessThanOrEqualTo(81);
    }
    assertThat(calls).hasSizeGreaterThan(4_000);
  }

  @Test
  void callsThatAreLateWithinTheirTurnsLoseNone() {
    PacedRate rate = rate(80, 1_000_000);
    int made = 0;
    for (int turn = 0; turn < 800; turn++) {
      advance(rate.untilNext().plusMillis(20));
      made += taken(rate) ? 1 : 0;
    }

    assertThat(made).isEqualTo(800);
    assertThat(Duration.ofNanos(nanos.get())).isLessThan(Duration.ofSeconds(101));
  }

  @Test
  void whatWasClaimedLeavesNoRoomUntilTheNextTurn() throws Exception {
    PacedRate rate = rate(10, 1_000_000);
    assertThat(rate.available()).isEqualTo(1);
    rate.claimed(0);
    assertThat(rate.available()).isEqualTo(1);
    rate.claimed(1);

    assertThat(rate.available()).isZero();
    assertThat(rate.untilNext()).isEqualTo(Duration.ofSeconds(1));
    assertThat(rate.call(() -> "its call")).isEqualTo("its call");
    advance(Duration.ofSeconds(1));
    assertThat(rate.available()).isEqualTo(1);
    assertThat(rate.untilNext()).isZero();
  }

  @Test
  void theInstancesThatLiveShareIt() {
    PacedRate rate = rate(80, 1_000_000);
    assertThat(callsIn(rate, Duration.ofSeconds(10))).isBetween(79, 81);
    instances.set(4);
    assertThat(callsIn(rate, Duration.ofSeconds(10))).isBetween(19, 21);
    instances.set(0);
    advance(Duration.ofSeconds(1));
    assertThat(callsIn(rate, Duration.ofSeconds(10))).isBetween(79, 81);
  }

  @Test
  void aDaysBudgetEndsWithTheDay() {
    PacedRate rate = rate(80, 100);
    instances.set(2);
    advance(Duration.ofSeconds(1));

    assertThat(callsIn(rate, Duration.ofMinutes(1))).isEqualTo(50);
    assertThat(rate.available()).isZero();
    assertThat(rate.isUsedUp()).isTrue();
    assertThat(rate.untilNext()).isBetween(Duration.ofHours(23), Duration.ofDays(1));
    nanos.addAndGet(DAY);
    assertThat(callsIn(rate, Duration.ofSeconds(5))).isBetween(19, 21);
  }

  @Test
  void aLaneThatUsesNearlyAllItsTurnsIsHeldByItsRate() {
    PacedRate rate = rate(80, 1_000_000);
    assertThat(rate.isUsedUp()).isFalse();
    callsIn(rate, Duration.ofSeconds(5));
    assertThat(rate.isUsedUp()).as("half of a window").isFalse();
    callsIn(rate, Duration.ofSeconds(5));
    assertThat(rate.isUsedUp()).isTrue();
    advance(Duration.ofSeconds(5));
    assertThat(rate.isUsedUp()).as("nothing was called for a while").isFalse();
  }

  @Test
  @Timeout(60)
  void patientCallerWaitsForATurnThatComesSoon() throws Exception {
    var rate = new PacedRate("it", 99, 1_000, () -> 1, System::nanoTime);
    for (int i = 0; i < 5; i++) {
      assertThat(rate.patient().call(() -> "answer")).isEqualTo("answer");
    }
    var slow = new PacedRate("it", 1, 1_000, () -> 1, System::nanoTime);
    slow.patient().call(() -> "the turn's only call");
    assertThatExceptionOfType(Throttled.class)
        .isThrownBy(() -> slow.patient().call(() -> "not made"));
  }

  @Test
  void interruptedCallerIsSentAwayAndStaysInterrupted() throws Exception {
    var rate = new PacedRate("it", 10, 1_000, () -> 1, System::nanoTime);
    rate.patient().call(() -> "the turn's only call");
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(Throttled.class)
        .isThrownBy(() -> rate.patient().call(() -> "not made"));
    assertThat(Thread.interrupted()).isTrue();
  }

  private PacedRate rate(int per10Seconds, long perDay) {
    return new PacedRate("it", per10Seconds, perDay, instances::get, nanos::get);
  }

  private void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private int callsIn(PacedRate rate, Duration time) {
    int made = 0;
    for (long end = nanos.get() + time.toNanos(); nanos.get() < end; ) {
      made += taken(rate) ? 1 : 0;
      advance(Duration.ofMillis(5));
    }
    return made;
  }

  private static boolean taken(PacedRate rate) {
    try {
      return rate.call(() -> true);
    } catch (RemoteException e) {
      return false;
    }
  }
}

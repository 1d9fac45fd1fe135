package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HintScheduleTest {
  private static final int RATE = 10;

  private final AtomicLong nanos = new AtomicLong();
  private final HintSchedule schedule = new HintSchedule(RATE, 10_000, nanos::get);

  @Test
  void floodOfOneSenderIsSpreadOverAMinuteAtAQuarterOfTheRateAndTheRestRefused() {
    List<Duration> waits = flood("bad", 2_343);

    assertThat(waits).hasSizeBetween(140, 160).isSorted();
    assertThat(waits.get(0)).isZero();
    assertThat(waits.get(waits.size() - 1)).isLessThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void anotherSenderIsServedAtOnceAmidTheFlood() {
    flood("bad", 2_343);

    assertThat(schedule.reserve("genuine", 1)).contains(Duration.ZERO);
  }

  @Test
  void floodOfManySendersGetsTheWholeRateAndNothingThatIsTakenWaitsForLongerThanAMinute() {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      schedule.reserve("bad" + i % 50, 1).ifPresent(waits::add);
    }

    assertThat(waits).hasSizeBetween(60 * RATE, 61 * RATE);
    assertThat(waits)
        .allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(60)));
    assertThat(schedule.reserve("genuine", 1)).isEmpty();
    pass(Duration.ofSeconds(2));
    assertThat(schedule.reserve("genuine", 1)).isPresent();
  }

  @Test
  void neverMoreThanTheRateInASecond() {
    List<Long> due = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      pass(Duration.ofMillis(50));
      long now = nanos.get();
      schedule.reserve("s" + i % 30, 1).ifPresent(wait -> due.add(now + wait.toNanos()));
    }

    assertThat(due).hasSizeGreaterThan(250);
    for (long second = 0; second < 90; second++) {
      long from = Duration.ofSeconds(second).toNanos();
      assertThat(due.stream().filter(at -> at >= from && at < from + 1_000_000_000L).count())
          .isLessThanOrEqualTo(RATE);
    }
  }

  @Test
  void whatIsLargeTakesThePlacesOfSeveral() {
    int taken = 0;
    while (schedule.reserve("bad", 8).isPresent()) {
      taken++;
    }

    assertThat(taken).isBetween(17, 20);
  }

  @Test
  void senderThatIsQuietForAWhileIsServedAtOnceAgain() {
    flood("a", 100);
    pass(Duration.ofMinutes(2));

    assertThat(schedule.reserve("a", 1)).contains(Duration.ZERO);
  }

  @Test
  void rateOfOneASecondStillGivesPlaces() {
    var slow = new HintSchedule(1, 10_000, nanos::get);

    assertThat(slow.reserve("a", 1)).contains(Duration.ZERO);
    assertThat(slow.reserve("a", 1)).isPresent();
    assertThat(slow.reserve("b", 1)).isPresent();
  }

  @Test
  void moreSendersThanCanBeToldApartShareOnePlace() {
    for (int i = 0; i < 20_000; i++) {
      pass(Duration.ofMillis(10));
      Optional<Duration> place = schedule.reserve("s" + i, 1);
      place.ifPresent(wait -> assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(60)));
    }
  }

  private List<Duration> flood(String sender, int count) {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      schedule.reserve(sender, 1).ifPresent(waits::add);
    }
    return waits;
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}

package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HintSchedulesTest {
  private static final int RATE = 10;

  private final AtomicLong nanos = new AtomicLong();
  private final HintSchedules schedules = new HintSchedules(RATE, nanos::get);

  @Test
  void floodOfOneAccountTakesNothingOfAnother() {
    assertThat(flood(7)).isBetween(560, 600);

    assertThat(schedules.reserve(8, "192.0.2.1", 1)).contains(Duration.ZERO);
    assertThat(schedules.hasPlace(7, "192.0.2.1")).isFalse();
    assertThat(flood(8)).as("as many as if there had been none").isBetween(560, 600);
  }

  @Test
  void allTogetherAreBoundedAndEachHasAFewYet() {
    int taken = 0;
    for (int account = 1; account <= 1_000; account++) {
      taken += flood(account);
    }

    assertThat(taken)
        .as("sixteen times the rate, and one a second for each of the others")
        .isBetween(16 * 560, 16 * 600 + 1_000 * 60);
    assertThat(schedules.reserve(2_000, "192.0.2.1", 1)).contains(Duration.ZERO);

    nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
    assertThat(flood(7)).as("a minute later it is as before").isBetween(560, 600);
  }

  private int flood(long account) {
    int taken = 0;
    for (int i = 0; i < 1_000; i++) {
      if (schedules.reserve(account, "198.51.100." + i % 8, 1).isPresent()) {
        taken++;
      }
    }
    return taken;
  }
}

package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Asserts only how long it takes at least: how long at most is the machine's affair. */
class ClaimPaceTest {
  private static final int CLAIMS = 10;

  private final ClaimPace pace = new ClaimPace();

  @Test
  void claimsThatFindNothingAreKeptApart() throws InterruptedException {
    assertThat(millisFor(List.of())).isGreaterThanOrEqualTo((CLAIMS - 1) * 15L);
  }

  @Test
  void claimsThatFindSomethingAreKeptApartLess() throws InterruptedException {
    assertThat(millisFor(List.of("event"))).isGreaterThanOrEqualTo((CLAIMS - 1) * 5L);
  }

  private long millisFor(List<String> found) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < CLAIMS; i++) {
      pace.await();
      assertThat(pace.time(() -> found)).isEqualTo(found);
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}

package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PurgePaceTest {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  @Test
  void purgeGoesOnAfterItsRest() {
    assertThat(PurgePace.gentle().rest(1)).isTrue();
    assertThat(PurgePace.restless().rest(HOUR)).as("at once").isTrue();
  }

  @Test
  void restEndsWhenItIsStopped() throws Exception {
    PurgePace pace = PurgePace.gentle();
    CompletableFuture<Boolean> rest = CompletableFuture.supplyAsync(() -> pace.rest(HOUR));

    pace.stop();

    assertThat(rest.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void interruptEndsTheRestAndIsPassedOn() {
    Thread.currentThread().interrupt();

    boolean on = PurgePace.gentle().rest(HOUR);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(on).isFalse();
  }
}

package dev.acuse.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackOffTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void nothingIsWaitedForAtFirst() {
    assertThat(new BackOff(HOUR, HOUR).isOver()).isTrue();
  }

  @Test
  void aFailureBeginsAPauseThatCanBeEnded() {
    var backOff = new BackOff(HOUR, HOUR);

    backOff.fail();
    assertThat(backOff.isOver()).isFalse();
    backOff.end();
    assertThat(backOff.isOver()).isTrue();
  }

  @Test
  void aPauseEndsByItself() {
    var backOff = new BackOff(Duration.ofMillis(1), HOUR);

    backOff.fail();

    await().until(backOff::isOver);
  }

  @Test
  void pausesGetLongerUntilItGoesWell() {
    var backOff = new BackOff(Duration.ofMillis(1), HOUR);
    for (int i = 0; i < 30; i++) {
      backOff.fail();
    }
    assertThat(backOff.isOver()).isFalse();

    backOff.reset();
    backOff.fail();

    await().until(backOff::isOver);
  }

  @Test
  void noPauseIsLongerThanTheLongest() {
    var backOff = new BackOff(Duration.ofMillis(1), Duration.ofMillis(2));
    for (int i = 0; i < 100; i++) {
      backOff.fail();
    }

    await().until(backOff::isOver);
  }
}

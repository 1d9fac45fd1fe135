package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoopProgressTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final LoopProgress progress = new LoopProgress(nanos::get);

  @Test
  void loopThatShowsNothingForThirtySecondsStandsStill() {
    pass(30);
    assertThat(progress.isTurning()).isTrue();
    pass(1);
    assertThat(progress.isTurning()).isFalse();

    progress.turns();
    assertThat(progress.isTurning()).isTrue();
  }

  @Test
  void restAsLongAsItSaysIsNoStandstill() {
    progress.rests(Duration.ofMinutes(5));
    pass(300);
    assertThat(progress.isTurning()).isTrue();
    pass(31);
    assertThat(progress.isTurning()).isFalse();
  }

  @Test
  void databaseMayTakeAsLongAsItLikes() {
    String answer =
        progress.ask(
            () -> {
              pass(3_600);
              assertThat(progress.isTurning()).isTrue();
              return "late";
            });

    assertThat(answer).isEqualTo("late");
    assertThat(progress.isTurning()).isTrue();
    pass(31);
    assertThat(progress.isTurning()).isFalse();
  }

  @Test
  void databaseThatFailsLeavesTheLoopTurning() {
    assertThatThrownBy(
            () ->
                progress.ask(
                    () -> {
                      pass(60);
                      throw new IllegalStateException("out");
                    }))
        .hasMessage("out");
    assertThat(progress.isTurning()).isTrue();
    pass(31);
    assertThat(progress.isTurning()).isFalse();
  }

  private void pass(long seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}

package dev.acuse.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.remote.Downstream.OpenException;
import dev.acuse.remote.Downstream.Trouble;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DownstreamTest {
  private final ManualClock clock = ManualClock.create();
  private Trouble trouble = new Trouble(Trouble.Kind.OUTAGE, null);
  private final Downstream downstream =
      new Downstream(
          "crm",
          Downstream.Scope.WAITING_EVENTS,
          new DispatchConfiguration().breakerFailures(),
          new DispatchConfiguration().probeEvery(),
          clock,
          failure -> trouble);
  private final AtomicInteger recoveries = new AtomicInteger();

  @Test
  void opensAfterFiveOutagesAndThenMakesNoCall() {
    for (int i = 0; i < 5; i++) {
      assertThat(downstream.isUp()).isTrue();
      fail();
    }

    assertThat(downstream.isUp()).isFalse();
    assertThatThrownBy(() -> downstream.call(() -> "called")).isInstanceOf(OpenException.class);
  }

  @Test
  void aFailureOfTheRequestsOwnSaysNothingAgainstTheOtherSide() {
    trouble = new Trouble(Trouble.Kind.ANSWERED, null);
    for (int i = 0; i < 20; i++) {
      fail();
    }

    assertThat(downstream.isUp()).isTrue();
  }

  @Test
  void letsOneEventProbeEveryTenSecondsAndClosesWhenItSucceeds() throws Exception {
    downstream.onRecovery(recoveries::incrementAndGet);
    open();
    assertThat(downstream.takeProbe()).as("not at once").isFalse();

    clock.advance(Duration.ofSeconds(10));
    assertThat(downstream.takeProbe()).isTrue();
    assertThat(downstream.takeProbe()).as("one at a time").isFalse();
    fail();
    assertThat(downstream.isUp()).isFalse();
    assertThat(recoveries).hasValue(0);

    clock.advance(Duration.ofSeconds(10));
    assertThat(downstream.takeProbe()).isTrue();
    assertThat(downstream.<String, Exception>call(() -> "answer")).isEqualTo("answer");
    assertThat(downstream.isUp()).isTrue();
    assertThat(recoveries).hasValue(1);
    assertThat(downstream.takeProbe()).as("nothing to probe").isFalse();
  }

  @Test
  void isLeftAloneAsLongAsItAsks() {
    trouble = new Trouble(Trouble.Kind.OUTAGE, Duration.ofMinutes(30));
    fail();

    assertThat(downstream.isUp()).as("at the first 429").isFalse();
    clock.advance(Duration.ofMinutes(29));
    assertThat(downstream.takeProbe()).isFalse();
    assertThatThrownBy(() -> downstream.call(() -> "called")).isInstanceOf(OpenException.class);
    clock.advance(Duration.ofMinutes(1));
    assertThat(downstream.takeProbe()).isTrue();
  }

  @Test
  void aRefusedTokenOpensAtOnce() {
    trouble = new Trouble(Trouble.Kind.TOKEN_REFUSED, null);
    fail();

    assertThat(downstream.isUp()).isFalse();
  }

  @Test
  void aCallThatWasNotMadeUsesNoProbeUp() throws Exception {
    open();
    clock.advance(Duration.ofSeconds(10));
    trouble = new Trouble(Trouble.Kind.NOT_ASKED, null);
    fail();

    assertThat(downstream.<String, Exception>call(() -> "probe")).isEqualTo("probe");
    assertThat(downstream.isUp()).isTrue();
  }

  @Test
  void aProbeThatEndsInAnErrorIsNotTheLast() throws Exception {
    open();
    clock.advance(Duration.ofSeconds(10));
    assertThatThrownBy(
            () ->
                downstream.call(
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(downstream.<String, Exception>call(() -> "probe")).isEqualTo("probe");
    assertThat(downstream.isUp()).isTrue();
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      fail();
    }
    assertThat(downstream.isUp()).isFalse();
  }

  private void fail() {
    assertThatThrownBy(
            () ->
                downstream.call(
                    () -> {
                      throw new IOException("no");
                    }))
        .isInstanceOf(IOException.class);
  }
}

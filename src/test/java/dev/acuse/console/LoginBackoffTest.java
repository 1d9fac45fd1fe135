package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginBackoffTest {
  private final ManualClock clock = ManualClock.create();
  private final LoginBackoff backoff = new LoginBackoff(clock);

  @Test
  void theWaitDoublesFromTheFourthFailureOnAndEndsAtAMinute() {
    fail(3, "ana", "here");
    assertThat(backoff.wait("ana", "here")).isZero();
    fail(1, "ana", "here");
    assertThat(backoff.wait("ana", "here")).isEqualTo(Duration.ofSeconds(1));
    fail(1, "ana", "here");
    assertThat(backoff.wait("ana", "elsewhere")).isEqualTo(Duration.ofSeconds(2));
    fail(20, "ana", "here");
    assertThat(backoff.wait("ana", "here")).isEqualTo(Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1));
    assertThat(backoff.wait("ana", "here")).isZero();
  }

  @Test
  void anAddressThatTriesManyNamesWaitsToo() {
    for (int i = 0; i < 20; i++) {
      fail(1, "user" + i, "here");
    }
    assertThat(backoff.wait("ana", "here")).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.wait("ana", "elsewhere")).isZero();
  }

  @Test
  void aLoginMakesUpForTheFailuresBeforeIt() {
    fail(6, "ana", "here");
    backoff.succeeded("ana", "here");
    fail(1, "ana", "here");
    assertThat(backoff.wait("ana", "here")).isZero();
  }

  private void fail(int times, String user, String address) {
    for (int i = 0; i < times; i++) {
      backoff.failed(user, address);
    }
  }
}

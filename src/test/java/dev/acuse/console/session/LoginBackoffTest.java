package dev.acuse.console.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginBackoffTest {
  private final ManualClock clock = ManualClock.create();
  private final LoginBackoff backoff = new LoginBackoff(clock);

  @Test
  void theWaitDoublesFromTheFourthFailureOnAndEndsAtAMinute() {
    fail(3, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isZero();
    fail(1, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isEqualTo(Duration.ofSeconds(1));
    fail(1, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isEqualTo(Duration.ofSeconds(2));
    fail(20, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isEqualTo(Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isZero();
  }

  @Test
  void failuresFromElsewhereHoldNobodyBack() {
    for (int i = 0; i < 200; i++) {
      fail(10, from("ana", "192.0.2." + i));
    }
    fail(100, from("ana", "2001:db8:0:1::1"));

    assertThat(backoff.wait(from("ana", "198.51.100.1"))).isZero();
    assertThat(backoff.wait(from("ana", "2001:db8:0:2::1"))).isZero();
  }

  @Test
  void aNetworkOfIpv6IsOneSenderHoweverManyAddressesItHas() {
    for (int i = 0; i < 10; i++) {
      fail(1, from("ana", "2001:db8:0:1::" + i));
    }

    assertThat(backoff.wait(from("ana", "2001:db8:0:1:ffff::1"))).isPositive();
    assertThat(from("ana", "::ffff:192.0.2.1")).isEqualTo(from("ana", "192.0.2.1"));
  }

  @Test
  void aSiteOfIpv6WaitsHoweverManyNetworksItHas() {
    for (int i = 0; i < 250; i++) {
      fail(1, from("ana", "2001:db8:1:" + Integer.toHexString(i) + "::1"));
    }

    assertThat(backoff.wait(from("ana", "2001:db8:1:ffff::1"))).isPositive();
    assertThat(backoff.wait(from("ana", "2001:db8:2:1::1"))).isZero();
  }

  @Test
  void aBrowserThatHasLoggedInBeforeCountsForItselfAlone() {
    LoginSender known = LoginSender.of("ana", "192.0.2.1", "her browser");
    fail(100, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(known)).isZero();

    fail(4, known);
    assertThat(backoff.wait(known)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.wait(LoginSender.of("ana", "192.0.2.1", "another"))).isZero();
  }

  @Test
  void anAddressThatTriesManyNamesWaitsToo() {
    for (int i = 0; i < 20; i++) {
      fail(1, from("user" + i, "192.0.2.1"));
    }
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.wait(from("ana", "192.0.2.2"))).isZero();
  }

  @Test
  void aLoginMakesUpForTheFailuresBeforeIt() {
    fail(6, from("ana", "192.0.2.1"));
    backoff.succeeded(from("ana", "192.0.2.1"));
    fail(1, from("ana", "192.0.2.1"));
    assertThat(backoff.wait(from("ana", "192.0.2.1"))).isZero();
  }

  private static LoginSender from(String user, String address) {
    return LoginSender.of(user, address, null);
  }

  private void fail(int times, LoginSender sender) {
    for (int i = 0; i < times; i++) {
      backoff.failed(sender);
    }
  }
}

package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderTest {
  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 20010db800010002",
    "[2001:db8:1:2::9], 20010db800010002",
    "2001:db8:1:2::9%eth0, 20010db800010002",
    "::1, 0000000000000000",
    "bad.cc, bad.cc",
    "::nonsense, ::nonsense",
  })
  void anIpv6NetworkIsOneSenderAndNothingIsResolved(String address, String sender) {
    assertThat(Sender.of(address)).isEqualTo(sender);
  }
}

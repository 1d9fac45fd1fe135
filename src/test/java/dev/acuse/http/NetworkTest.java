package dev.acuse.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

  @Test
  void eachAddressOfIpv4IsASenderOfItsOwn() throws Exception {
    assertThat(network("192.0.2.1"))
        .isEqualTo(network("192.0.2.1"))
        .hasSameHashCodeAs(network("192.0.2.1"))
        .isNotEqualTo(network("192.0.2.2"))
        .hasToString("192.0.2.1");
    assertThat(network("::ffff:192.0.2.1")).isEqualTo(network("192.0.2.1"));
  }

  @Test
  void addressesThatOneHostMayChooseFromAreOneSender() throws Exception {
    assertThat(network("2001:db8:1:2::1"))
        .isEqualTo(network("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(network("2001:db8:1:3::1"))
        .hasToString("2001:db8:1:2:0:0:0:0/64");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.7",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
    "[2001:db8:1:2::9], 2001:db8:1:2:0:0:0:0/64",
    "2001:db8:1:2::9%eth0, 2001:db8:1:2:0:0:0:0/64",
    "::ffff:203.0.113.7, 203.0.113.7",
    "bad.cc, bad.cc",
    "face.de, face.de",
    "::nonsense, ::nonsense",
  })
  void nameIsMadeOfWhatIsWrittenAndNothingIsResolved(String address, String name) {
    assertThat(Network.nameOf(address)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7, 203.0.113.0/24",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:0:0:0:0:0/48",
    "[2001:db8:1:9::9], 2001:db8:1:0:0:0:0:0/48",
    "::ffff:203.0.113.7, 203.0.113.0/24",
    "bad.cc, bad.cc",
  })
  void widerNetworkIsOfASite(String address, String name) {
    assertThat(Network.widerNameOf(address)).isEqualTo(name);
  }

  private static Network network(String address) throws UnknownHostException {
    return Network.of(InetAddress.getByName(address));
  }
}

package dev.acuse.intake.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

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

  private static Network network(String address) throws UnknownHostException {
    return Network.of(InetAddress.getByName(address));
  }
}

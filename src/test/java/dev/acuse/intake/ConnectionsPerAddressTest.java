package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConnectionsPerAddressTest {

  @Test
  void eachAddressOfIpv4IsASenderOfItsOwn() throws Exception {
    assertThat(network("192.0.2.1"))
        .isEqualTo(network("192.0.2.1"))
        .isNotEqualTo(network("192.0.2.2"));
    assertThat(network("::ffff:192.0.2.1")).isEqualTo(network("192.0.2.1"));
  }

  @Test
  void addressesThatOneHostMayChooseFromAreOneSender() throws Exception {
    assertThat(network("2001:db8:1:2::1"))
        .isEqualTo(network("2001:db8:1:2:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(network("2001:db8:1:3::1"));
  }

  private static ByteBuffer network(String address) throws UnknownHostException {
    return ConnectionsPerAddress.network(InetAddress.getByName(address));
  }
}

package dev.acuse.console;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a login comes from.
 *
 * @param user the name that was sent; perhaps nobody's
 * @param network an IPv4 address, or an IPv6 network of 64 bits
 * @param device the browser, if this user has logged in by it before; else null
 */
record LoginSender(String user, String network, @Nullable String device) {
  /** A household, a host or a tenant is given at least this much of IPv6's room (RFC 6177). */
  private static final int NETWORK_BYTES = 8;

  /**
   * From an address.
   *
   * @param address as the connection tells it: never a name
   */
  static LoginSender of(String user, String address, @Nullable String device) {
    return new LoginSender(user, network(address), device);
  }

  /** What its failures count against. */
  String source() {
    return device == null ? network : "device " + device;
  }

  private static String network(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      InetAddress whole = InetAddress.getByName(address);
      // An IPv4 address may be written as one of IPv6.
      return whole instanceof Inet6Address
          ? HexFormat.of().formatHex(whole.getAddress(), 0, NETWORK_BYTES)
          : whole.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}

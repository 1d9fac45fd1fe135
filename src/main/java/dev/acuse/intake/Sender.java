package dev.acuse.intake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits (RFC 6177). */
final class Sender {
  private static final int NETWORK_BYTES = 8;
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private Sender() {}

  /**
   * A name for it.
   *
   * @param address the literal address of a connection's other end; never resolved
   */
  static String of(String address) {
    String literal = address.replaceAll("[\\[\\]]|%.*", "");
    if (!IPV6.matcher(literal).matches()) {
      return address;
    }
    try {
      // With a colon in it it is no name, and nothing is asked for it.
      byte[] bytes = InetAddress.getByName(literal).getAddress();
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, NETWORK_BYTES)));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}

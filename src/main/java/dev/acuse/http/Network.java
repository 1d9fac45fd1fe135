package dev.acuse.http;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What counts as one sender: an IPv4 address, or an IPv6 network of 64 bits. */
public final class Network {
  /** A household, a host or a tenant is given at least this much of IPv6's room (RFC 6177). */
  private static final int PREFIX_BYTES = 8;

  private static final int IPV6_BYTES = 16;

  /** A site is given this much of IPv6's room, and so many networks of the other kind. */
  private static final int WIDER_IPV6_BYTES = 6;

  private static final int WIDER_IPV4_BYTES = 3;

  private final byte[] prefix;

  private Network(byte[] prefix) {
    this.prefix = prefix;
  }

  /** The network that an address is of. */
  public static Network of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new Network(Arrays.copyOf(bytes, Math.min(bytes.length, PREFIX_BYTES)));
  }

  /**
   * The network that an address is of, by a name for it.
   *
   * @param address the address of a connection's other end as it is written; never resolved
   * @return the address itself if it is none
   */
  public static String nameOf(String address) {
    String literal = literal(address);
    return InetAddresses.isInetAddress(literal)
        ? of(InetAddresses.forString(literal)).toString()
        : address;
  }

  /**
   * The wider network that an address is of, by a name for it: of IPv4 24 bits, of IPv6 48.
   *
   * @param address as for {@link #nameOf}
   * @return the address itself if it is none
   */
  public static String widerNameOf(String address) {
    String literal = literal(address);
    if (!InetAddresses.isInetAddress(literal)) {
      return address;
    }
    byte[] bytes = InetAddresses.forString(literal).getAddress();
    boolean isIpv6 = bytes.length == IPV6_BYTES;
    int kept = isIpv6 ? WIDER_IPV6_BYTES : WIDER_IPV4_BYTES;
    return written(Arrays.copyOf(Arrays.copyOf(bytes, kept), bytes.length)) + "/" + 8 * kept;
  }

  private static String literal(String address) {
    return address.replaceAll("[\\[\\]]|%.*", "");
  }

  private static String written(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network && Arrays.equals(prefix, network.prefix);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(prefix);
  }

  /** As it is written: {@code 192.0.2.1} or {@code 2001:db8:1:2:0:0:0:0/64}. */
  @Override
  public String toString() {
    boolean isIpv6 = prefix.length == PREFIX_BYTES;
    byte[] bytes = isIpv6 ? Arrays.copyOf(prefix, IPV6_BYTES) : prefix;
    return written(bytes) + (isIpv6 ? "/64" : "");
  }
}

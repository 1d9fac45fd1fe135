package dev.acuse.console.session;

import dev.acuse.http.Network;
import org.jspecify.annotations.Nullable;

/**
 * Where a login comes from.
 *
 * @param user the name that was sent; perhaps nobody's
 * @param network an IPv4 address, or an IPv6 network of 64 bits
 * @param wider the network around that: of IPv4 24 bits, of IPv6 48
 * @param device the browser, if this user has logged in by it before; else null
 */
public record LoginSender(String user, String network, String wider, @Nullable String device) {
  /**
   * From an address.
   *
   * @param address as the connection tells it: never a name
   */
  public static LoginSender of(String user, String address, @Nullable String device) {
    return new LoginSender(user, Network.nameOf(address), Network.widerNameOf(address), device);
  }

  /** What its failures count against. */
  public String source() {
    return device == null ? network : "device " + device;
  }
}

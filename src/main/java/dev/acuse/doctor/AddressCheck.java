package dev.acuse.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The address that MercadoPago is told to notify, as far as it can be judged from here: it connects
 * to it, and says nothing there. Behind a NAT or a firewall a connection from inside may fail
 * though one from outside does not.
 */
public final class AddressCheck {
  /** Where the service takes MercadoPago's webhooks. */
  private static final String PATH = "/webhooks/mp";

  private static final String NAME = "address";
  private static final int HTTPS = 443;
  private static final int PATIENCE_MILLIS = 5_000;
  private static final Duration SOON = Duration.ofDays(14);

  private final @Nullable String url;
  private final SSLSocketFactory sockets;
  private final InstantSource clock;

  /**
   * @param url of MP_NOTIFICATION_URL; null if it is not set
   * @param sockets trust what MercadoPago trusts
   * @param clock for the days that a certificate is still good
   */
  public AddressCheck(@Nullable String url, SSLSocketFactory sockets, InstantSource clock) {
    this.url = url;
    this.sockets = sockets;
    this.clock = clock;
  }

  /** What there is to say. */
  public List<Finding> look() throws GeneralSecurityException {
    if (url == null) {
      return List.of(
          Finding.ok(
              NAME,
              "MP_NOTIFICATION_URL is not set: MercadoPago's panel says where webhooks go, which cannot"
                  + " be seen from here"));
    }
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException e) {
      return List.of(Finding.wrong(NAME, "MP_NOTIFICATION_URL is no address"));
    }
    String host = address.getHost();
    if (host == null) {
      return List.of(Finding.wrong(NAME, "MP_NOTIFICATION_URL names no host"));
    }
    Finding path = path(address);
    if (!"https".equalsIgnoreCase(address.getScheme())) {
      return List.of(
          path,
          Finding.wrong(
              NAME + ".tls",
              "MP_NOTIFICATION_URL is not https: let a proxy with a certificate take the webhooks"));
    }
    return List.of(path, tls(host, address.getPort() < 0 ? HTTPS : address.getPort()));
  }

  private static Finding path(URI address) {
    return PATH.equals(address.getPath())
        ? Finding.ok(NAME + ".path", "MP_NOTIFICATION_URL leads to " + PATH)
        : Finding.advice(
            NAME + ".path",
            "the path of MP_NOTIFICATION_URL is not "
                + PATH
                + ": right only if a proxy makes it so on the way");
  }

  private Finding tls(String host, int port) {
    InetAddress where;
    try {
      where = InetAddress.getByName(host.replaceAll("[\\[\\]]", ""));
    } catch (UnknownHostException e) {
      return Finding.wrong(
          NAME + ".tls", "the name " + host + " is not known: give it an entry in DNS");
    }
    if (where.isLoopbackAddress() || where.isSiteLocalAddress() || where.isLinkLocalAddress()) {
      Finding seen = certificate(where, host, port);
      return seen.level() == Level.WRONG
          ? seen
          : Finding.advice(
              NAME + ".tls",
              "from here "
                  + host
                  + " is an address of this machine or network: whether MercadoPago reaches it must be"
                  + " seen from outside; "
                  + seen.text());
    }
    return certificate(where, host, port);
  }

  private Finding certificate(InetAddress where, String host, int port) {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(where, port), PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      return handshake(plain, host, port);
    } catch (SSLException e) {
      return Finding.wrong(
          NAME + ".tls",
          "the certificate at %s:%d is not taken: %s".formatted(host, port, e.getMessage()));
    } catch (IOException e) {
      return Finding.advice(
          NAME + ".tls",
          ("%s:%d cannot be reached from here (%s): behind a NAT or a firewall that may be as it should"
                  + " be; look from outside")
              .formatted(host, port, e.getClass().getSimpleName()));
    }
  }

  private Finding handshake(Socket plain, String host, int port) throws IOException {
    try (SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, port, true)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return Optional.of(socket.getSession().getPeerCertificates()[0])
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .map(leaf -> days(host, leaf.getNotAfter().toInstant()))
          .orElseGet(
              () -> Finding.advice(NAME + ".tls", "the certificate of " + host + " is unusual"));
    }
  }

  private Finding days(String host, Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    String text = "the certificate of %s is good for %d days".formatted(host, left.toDays());
    return left.compareTo(SOON) < 0
        ? Finding.advice(NAME + ".tls", text + ": have it renewed")
        : Finding.ok(NAME + ".tls", text);
  }
}

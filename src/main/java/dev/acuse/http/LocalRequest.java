package dev.acuse.http;

import jakarta.servlet.ServletRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Tells who really asks from this machine. A proxy on this machine asks from here on behalf of
 * anybody, so a request that was forwarded is not local; and so does a browser on behalf of any
 * page it shows, so a request for a foreign host name (DNS rebinding) or from a foreign page is not
 * either.
 *
 * <p>No name is ever given to a resolver: a name that somebody else's DNS has point here is the
 * very thing to refuse. What a name must look like is written down instead.
 */
public final class LocalRequest {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String IPV4 = "127(?:\\." + OCTET + "){3}";
  private static final String AUTHORITY =
      "(?<name>localhost|%s|\\[::1]|\\[::ffff:%s])(?::(?<port>[1-9][0-9]{0,4}))?"
          .formatted(IPV4, IPV4);

  private static final Pattern HOST = Pattern.compile(AUTHORITY, Pattern.CASE_INSENSITIVE);
  private static final Pattern ORIGIN =
      Pattern.compile("(?<scheme>https?)://" + AUTHORITY, Pattern.CASE_INSENSITIVE);
  private static final int MAX_PORT = 65_535;

  private static final List<String> OWN_PAGES = List.of("same-origin", "none");

  private LocalRequest() {}

  /**
   * Whether a request was made on this machine, by nobody else.
   *
   * @param request one that Jetty serves, or a wrapper of it: what counts is what was sent
   */
  public static boolean isLocal(ServletRequest request) {
    return isLocal(ServletContextRequest.getServletContextRequest(request));
  }

  /** Whether a request was made on this machine, by nobody else. */
  public static boolean isLocal(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    // By the PROXY protocol the other end says itself what its address is.
    return connection.getConnector().getConnectionFactory(ProxyConnectionFactory.class) == null
        && isLocal(
            connection.getRemoteSocketAddress(),
            connection.getHttpVersion(),
            request.getHttpURI(),
            request.getHeaders());
  }

  /**
   * The same, by what a request is made of. HTTP/1.0 is not local, because on this machine only a
   * proxy speaks it: nginx before 1.29.7, unless it is told otherwise. Where it is told nothing, it
   * names our own address as the host and forwards no other; since 1.29.7 it speaks HTTP/1.1 as
   * well, and then nothing tells its requests from those of this machine. So a token and users are
   * needed behind any proxy.
   *
   * @param peer the other end of its connection; null if it has no address
   * @param target with the scheme and, if the client sent one, the host that it asks for
   */
  static boolean isLocal(
      @Nullable SocketAddress peer, HttpVersion version, HttpURI target, HttpFields headers) {
    return isLoopback(peer)
        && version.getVersion() >= HttpVersion.HTTP_1_1.getVersion()
        && headers.stream().noneMatch(header -> ProxyHeaders.isSign(header.getName()))
        && isForUsAndFromUs(target, headers);
  }

  private static boolean isLoopback(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress inet
        && !inet.isUnresolved()
        && inet.getAddress().isLoopbackAddress();
  }

  private static boolean isForUsAndFromUs(HttpURI target, HttpFields headers) {
    List<String> hosts = values(headers, "Host");
    if (hosts.size() != 1) {
      return false;
    }
    Matcher host = HOST.matcher(hosts.get(0));
    return host.matches()
        && isPort(host)
        && (target.getHost() == null || target.getHost().equalsIgnoreCase(host.group("name")))
        && isFromOwnPage(headers, host, String.valueOf(target.getScheme()));
  }

  private static boolean isFromOwnPage(HttpFields headers, Matcher host, String scheme) {
    List<String> origins = values(headers, "Origin");
    return OWN_PAGES.containsAll(values(headers, "Sec-Fetch-Site"))
        && (origins.isEmpty() || (origins.size() == 1 && isOwn(origins.get(0), host, scheme)));
  }

  private static boolean isOwn(String sent, Matcher host, String scheme) {
    Matcher origin = ORIGIN.matcher(sent);
    return origin.matches()
        && origin.group("scheme").equalsIgnoreCase(scheme)
        && origin.group("name").equalsIgnoreCase(host.group("name"))
        && port(origin, scheme) == port(host, scheme);
  }

  private static boolean isPort(Matcher authority) {
    return port(authority, "") <= MAX_PORT;
  }

  private static int port(Matcher authority, String scheme) {
    String port = authority.group("port");
    if (port != null) {
      return Integer.parseInt(port);
    }
    return scheme.equalsIgnoreCase("https") ? 443 : 80;
  }

  /** Each line by itself, for two that say different things are no two that agree. */
  private static List<String> values(HttpFields headers, String name) {
    return headers.stream()
        .filter(header -> header.getName().equalsIgnoreCase(name))
        .map(HttpField::getValue)
        .map(value -> value == null ? "" : value)
        .toList();
  }
}

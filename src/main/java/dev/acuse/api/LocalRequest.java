package dev.acuse.api;

import jakarta.servlet.ServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells who really asks from this machine. A proxy on this machine asks from here on behalf of
 * anybody, so a request that was forwarded is not local; and so does a browser on behalf of any
 * page it shows, so a request for a foreign host name (DNS rebinding) or from a foreign page is not
 * either.
 */
public final class LocalRequest {
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]+");
  private static final List<String> FORWARDED =
      List.of("forwarded", "via", "x-real-ip", "true-client-ip", "cf-connecting-ip");
  private static final List<String> OWN_PAGES = List.of("same-origin", "none");

  private LocalRequest() {}

  /**
   * Whether a request was made on this machine, by nobody else.
   *
   * @param address the other end of its connection
   */
  public static boolean isLocal(ContainerRequestContext request, String address) {
    return isLoopback(address)
        && !isForwarded(request.getHeaders())
        && isForThisHost(request)
        && isFromOwnPage(request);
  }

  /**
   * The other end of a connection; empty, which is not local, for HTTP/1.0. Nobody on this machine
   * speaks that but a proxy: nginx does unless it is told otherwise, and where it is told nothing
   * at all, it names our own address as the host and forwards no other.
   */
  public static String address(ServletRequest connection) {
    return "HTTP/1.0".equals(connection.getProtocol()) ? "" : connection.getRemoteAddr();
  }

  private static boolean isForwarded(MultivaluedMap<String, String> headers) {
    return headers.keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.startsWith("x-forwarded") || FORWARDED.contains(name));
  }

  private static boolean isForThisHost(ContainerRequestContext request) {
    String host = request.getUriInfo().getRequestUri().getHost();
    return host != null && isLoopbackName(host);
  }

  private static boolean isFromOwnPage(ContainerRequestContext request) {
    String site = request.getHeaderString("Sec-Fetch-Site");
    return site == null ? isOwnOrigin(request.getHeaderString("Origin")) : OWN_PAGES.contains(site);
  }

  private static boolean isOwnOrigin(@Nullable String origin) {
    if (origin == null) {
      return true;
    }
    try {
      String host = URI.create(origin).getHost();
      return host != null && isLoopbackName(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isLoopbackName(String host) {
    return host.equalsIgnoreCase("localhost") || isLoopback(host);
  }

  /** Whether it is a loopback address, IPv6 with or without brackets. Never asks a name server. */
  private static boolean isLoopback(String address) {
    String bare =
        address.startsWith("[") && address.endsWith("]")
            ? address.substring(1, address.length() - 1)
            : address;
    if (!ADDRESS.matcher(bare).matches()) {
      return false;
    }
    try {
      return InetAddress.getByName(bare).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}

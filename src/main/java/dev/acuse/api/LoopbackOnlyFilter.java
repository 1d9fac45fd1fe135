package dev.acuse.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lets only this machine in. A request that a proxy passed on comes from loopback too: its
 * forwarding headers give it away.
 */
final class LoopbackOnlyFilter implements ContainerRequestFilter {
  private static final List<String> FORWARDING = List.of("forwarded", "via", "x-real-ip");

  @Context private @Nullable HttpServletRequest request;

  @Override
  public void filter(ContainerRequestContext context) {
    HttpServletRequest servletRequest = request;
    if (servletRequest == null
        || !isLoopback(servletRequest.getRemoteAddr())
        || context.getHeaders().keySet().stream().anyMatch(LoopbackOnlyFilter::isForwarding)) {
      context.abortWith(
          Problem.of(403, "forbidden", "Without ACUSE_API_TOKEN the API answers to loopback only.")
              .response()
              .build());
    }
  }

  private static boolean isForwarding(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return FORWARDING.contains(name) || name.startsWith("x-forwarded-");
  }

  private static boolean isLoopback(String address) {
    try {
      // An address, never a name: nothing is resolved.
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}

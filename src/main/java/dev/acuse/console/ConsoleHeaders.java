package dev.acuse.console;

import dev.acuse.console.session.Cookies;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;

/**
 * What every answer under {@code /console} carries, errors included: nothing runs and nothing loads
 * that is not of this jar, nobody frames a page, and no cache keeps one.
 */
final class ConsoleHeaders implements ContainerResponseFilter {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (!covers(request)) {
      return;
    }
    MultivaluedMap<String, Object> headers = response.getHeaders();
    headers.putSingle("Content-Security-Policy", POLICY);
    headers.putSingle("X-Frame-Options", "DENY");
    headers.putSingle("X-Content-Type-Options", "nosniff");
    headers.putSingle("Referrer-Policy", "same-origin");
    headers.putSingle("Cross-Origin-Opener-Policy", "same-origin");
    headers.putSingle("Cross-Origin-Resource-Policy", "same-origin");
    if (!headers.containsKey(HttpHeaders.CACHE_CONTROL)) {
      headers.putSingle(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }
    if (request.getSecurityContext().isSecure()) {
      headers.putSingle("Strict-Transport-Security", "max-age=31536000");
    }
    if (request.getProperty(Cookies.FORMS) instanceof String secret) {
      headers.add(HttpHeaders.SET_COOKIE, Cookies.forNow(request, Cookies.FORMS, secret));
    }
  }

  /** By the request's path, which is good enough for how something is answered. */
  static boolean covers(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath();
    return path.equals("console") || path.startsWith("console/") || path.startsWith("console;");
  }
}

package dev.acuse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Says that the connection closes where a request is turned away before its body has come. Jetty
 * closes it then, and does not say so: a client that keeps connections would send its next request
 * into the void. RFC 9112, 9.3 wants the body read, or the connection closed, and 9.6 wants that
 * said.
 */
final class UnreadBodyFilter implements ContainerResponseFilter {

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    boolean turnedAway = response.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL;
    // Not hasEntity(): that waits for the first byte.
    if (turnedAway && !hasCome(request)) {
      response.getHeaders().putSingle("Connection", "close");
    }
  }

  /** Reads what is there of the body, for nobody wants it any more. */
  private static boolean hasCome(ContainerRequestContext request) {
    return !(request.getProperty(Memory.ATTRIBUTE) instanceof Request jetty)
        || jetty.consumeAvailable();
  }

  /** Hands Jetty's own request to Jersey's filters, which see but what Jersey makes of it. */
  static final class Memory implements Filter {
    static final String ATTRIBUTE = "dev.acuse.jetty_request";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      request.setAttribute(ATTRIBUTE, ServletContextRequest.getServletContextRequest(request));
      chain.doFilter(request, response);
    }
  }
}

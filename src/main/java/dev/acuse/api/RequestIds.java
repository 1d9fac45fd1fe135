package dev.acuse.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.slf4j.MDC;

/**
 * Gives each request an id of ours, in the log ({@code request_id}), in the {@code X-Request-Id} of
 * the answer and in problems. A sender's own {@code X-Request-Id} is a part of a webhook, and never
 * taken for ours.
 */
final class RequestIds implements Filter {
  private static final String KEY = "request_id";

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String id = UUID.randomUUID().toString();
    MDC.put(KEY, id);
    ((HttpServletResponse) response).setHeader("X-Request-Id", id);
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(KEY);
    }
  }

  /** The present request's id; a new one where a request never came as far as the filter. */
  static String current() {
    String id = MDC.get(KEY);
    return id == null ? UUID.randomUUID().toString() : id;
  }
}

package dev.acuse.http;

import dev.acuse.text.ExternalId;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Gives every request an id of our own: for the log, the answer's header and the problem, if there
 * is one. An id that the caller sends is never taken for ours (a webhook's {@code x-request-id} is
 * its provider's, part of what is signed, and not unique); it is only noted for the log.
 */
public final class RequestIdFilter implements Filter {
  /** The header of every answer that holds the id. */
  public static final String HEADER = "X-Request-Id";

  /** The request attribute that holds the id. */
  public static final String ATTRIBUTE = "dev.acuse.request_id";

  /** The log's key for the id. */
  public static final String MDC_KEY = "request_id";

  /** The log's key for the id that the caller sent, where that one is fit for a log. */
  public static final String CALLER_MDC_KEY = "caller_request_id";

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String id = newId();
    request.setAttribute(ATTRIBUTE, id);
    ((HttpServletResponse) response).setHeader(HEADER, id);
    MDC.put(MDC_KEY, id);
    String callers = ((HttpServletRequest) request).getHeader(HEADER);
    if (ExternalId.matches(callers)) {
      MDC.put(CALLER_MDC_KEY, callers);
    }
    try {
      chain.doFilter(request, response);
    } finally {
      MDC.remove(MDC_KEY);
      MDC.remove(CALLER_MDC_KEY);
    }
  }

  /** The id in a request's attribute, or a new one for a request that never came by here. */
  static String idOf(@Nullable Object attribute) {
    return attribute instanceof String id ? id : newId();
  }

  /**
   * A version 4 UUID. It tells requests apart and guards nothing, so it is not from the secure
   * random numbers of the system: those are given out under one lock, which a thousand requests at
   * once make a queue of a second.
   */
  private static String newId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long most = (random.nextLong() & ~0xF000L) | 0x4000L;
    long least = (random.nextLong() >>> 2) | Long.MIN_VALUE;
    return new UUID(most, least).toString();
  }
}

package dev.acuse.admin;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a task whose query, form or charset can't be read with 400: Dropwizard reads them where
 * it takes any failure for the task's own.
 */
final class ReadableParameters implements Filter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReadableParameters.class);

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!isReadable(request)) {
      ((HttpServletResponse) response).sendError(HttpServletResponse.SC_BAD_REQUEST);
      return;
    }
    chain.doFilter(request, response);
  }

  /** What was read is kept for the task. */
  private static boolean isReadable(ServletRequest request) {
    try {
      Map<String, String[]> parameters = request.getParameterMap();
      String charset = request.getCharacterEncoding();
      return parameters != null && (charset == null || Charset.isSupported(charset));
    } catch (RuntimeException e) {
      LOGGER.debug("parameters cannot be read: {}", e.toString());
      return false;
    }
  }
}

package dev.acuse.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Answers 415 where {@code Content-Type} cannot be read or names a charset that does not exist.
 * Jersey reads the header before any filter of its own runs, and gives up with a bare 400; a
 * charset it ignores.
 */
final class ContentTypeFilter implements Filter {

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // Not getContentType(): Jetty throws there at a charset that does not exist.
    if (isReadable(((HttpServletRequest) request).getHeader(HttpHeaders.CONTENT_TYPE))) {
      chain.doFilter(request, response);
    } else {
      ((HttpServletResponse) response).sendError(ProblemCode.UNSUPPORTED_MEDIA_TYPE.status());
    }
  }

  private static boolean isReadable(@Nullable String header) {
    if (header == null) {
      return true;
    }
    try {
      String charset = MediaType.valueOf(header).getParameters().get(MediaType.CHARSET_PARAMETER);
      return charset == null || Charset.isSupported(charset);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

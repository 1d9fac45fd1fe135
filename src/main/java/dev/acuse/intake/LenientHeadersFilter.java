package dev.acuse.intake;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hides a webhook's {@code Content-Type} and {@code Accept} from Jersey, which would answer 400,
 * 406 or 415 to those it does not like. Providers change them without notice, and no webhook may be
 * lost over a header that nobody reads.
 */
public final class LenientHeadersFilter implements Filter {
  private static final String ORIGINAL = LenientHeadersFilter.class.getName() + ".original";
  private static final Map<String, String> SHOWN =
      Map.of("content-type", "application/octet-stream", "accept", "*/*");

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    request.setAttribute(ORIGINAL, request);
    chain.doFilter(new Lenient((HttpServletRequest) request), response);
  }

  /** The request as it came. */
  static HttpServletRequest original(HttpServletRequest request) {
    return request.getAttribute(ORIGINAL) instanceof HttpServletRequest original
        ? original
        : request;
  }

  private static final class Lenient extends HttpServletRequestWrapper {
    Lenient(HttpServletRequest request) {
      super(request);
    }

    @Override
    public @Nullable String getContentType() {
      return SHOWN.get("content-type");
    }

    @Override
    public @Nullable String getCharacterEncoding() {
      return null;
    }

    @Override
    public @Nullable String getHeader(String name) {
      String shown = SHOWN.get(name.toLowerCase(Locale.ROOT));
      return shown != null ? shown : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      String shown = SHOWN.get(name.toLowerCase(Locale.ROOT));
      return shown != null ? Collections.enumeration(List.of(shown)) : super.getHeaders(name);
    }
  }
}

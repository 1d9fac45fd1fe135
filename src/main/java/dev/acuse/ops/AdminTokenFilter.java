package dev.acuse.ops;

import dev.acuse.api.ApiTokenAuthenticator;
import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the admin token before anything on the admin port changes something or shows more than
 * numbers. Dropwizard's own tasks (log level, garbage collection) and its dumps of threads and
 * profiles are no exception: it leaves them open.
 */
public final class AdminTokenFilter implements Filter {
  private static final Logger LOGGER = LoggerFactory.getLogger(AdminTokenFilter.class);
  private static final String BEARER = "Bearer ";

  /** What monitoring reads; compared as sent, so that no odd spelling of another page passes. */
  private static final Set<String> OPEN =
      Set.of("/", "/healthcheck", "/ping", "/metrics", "/metrics/prometheus");

  private final ApiTokenAuthenticator authenticator;

  private AdminTokenFilter(String token) {
    this.authenticator = new ApiTokenAuthenticator(token);
  }

  /** Guards the admin port, if there is a token to guard it by. */
  public static void install(Environment environment, AdminConfiguration config) {
    String token = config.token();
    if (token == null) {
      LOGGER.info("ACUSE_ADMIN_TOKEN is not set: whoever reaches the admin port may run its tasks");
      return;
    }
    environment
        .admin()
        .addFilter("admin-token", new AdminTokenFilter(token))
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    var http = (HttpServletRequest) request;
    if (isOpen(http) || isAuthorized(http)) {
      chain.doFilter(request, response);
      return;
    }
    var answer = (HttpServletResponse) response;
    answer.setHeader("WWW-Authenticate", "Bearer realm=\"acuse-admin\"");
    answer.sendError(HttpServletResponse.SC_UNAUTHORIZED);
  }

  private static boolean isOpen(HttpServletRequest request) {
    boolean reading = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return reading && OPEN.contains(request.getRequestURI());
  }

  private boolean isAuthorized(HttpServletRequest request) {
    String authorization = request.getHeader("Authorization");
    return authorization != null
        && authorization.startsWith(BEARER)
        && authenticator.authenticate(authorization.substring(BEARER.length())).isPresent();
  }
}

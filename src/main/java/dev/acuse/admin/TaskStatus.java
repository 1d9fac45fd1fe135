package dev.acuse.admin;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;

/**
 * Lets a task choose the status of its answer: Dropwizard hands a task its writer only, and knows
 * but 200 and 500. A filter before the tasks, that keeps the response at hand for the thread that
 * runs one.
 */
public final class TaskStatus implements Filter {
  // Not static, for each service has one of its own, and only one.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<HttpServletResponse> current = new ThreadLocal<>();

  /** Installs the filter. */
  public void install(Environment environment, String name) {
    environment
        .admin()
        .addFilter(name, this)
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/tasks/*");
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    current.set((HttpServletResponse) response);
    try {
      chain.doFilter(request, response);
    } finally {
      current.remove();
    }
  }

  /** Sets the status of the answer that this thread is writing; must precede its text. */
  void set(int status) {
    HttpServletResponse response = current.get();
    if (response != null) {
      response.setStatus(status);
    }
  }
}

package dev.acuse.console;

import dev.acuse.http.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a problem under {@code /console} as a page that says what to do about it. */
final class ConsoleErrors implements ContainerResponseFilter {
  private static final Logger LOGGER = LoggerFactory.getLogger(ConsoleErrors.class);

  private final PageRenderer pages;

  ConsoleErrors(PageRenderer pages) {
    this.pages = pages;
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (ConsoleHeaders.covers(request) && response.getEntity() instanceof Problem problem) {
      show(request, response, problem);
    }
  }

  private void show(
      ContainerRequestContext request, ContainerResponseContext response, Problem problem) {
    try {
      Object page = pages.render(request, "error", Map.of("problem", problem));
      response.setEntity(
          page, response.getEntityAnnotations(), MediaType.TEXT_HTML_TYPE.withCharset("utf-8"));
    } catch (RuntimeException e) {
      // The problem itself is an answer as well.
      LOGGER.error("the page of problem {} cannot be rendered", problem.requestId(), e);
    }
  }
}

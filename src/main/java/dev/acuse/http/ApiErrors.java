package dev.acuse.http;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;

/** Sees to it that every failed request, on either port, is answered with a {@link Problem}. */
public final class ApiErrors {
  private ApiErrors() {}

  /**
   * Installs the request id, the mappers of what resources throw, what closes connections in order,
   * and the answers of Jetty to what never reaches a resource, of which more than Jetty would.
   */
  public static void install(Environment environment) {
    addFilter(environment, new RequestIdFilter(), "/*");
    addFilter(environment, new ContentTypeFilter(), "/api/*");
    addFilter(environment, new UnreadBodyFilter.Memory(), "/*");
    addFilter(environment, new RefusedForms(), "/*");
    ProblemMapper.ALL.forEach(environment.jersey()::register);
    environment.jersey().register(new UnreadBodyFilter());
    JettyErrors.install(environment);
    BoundedHeads.install(environment);
    NearestProxy.install(environment);
    UnambiguousFraming.install(environment);
    BufferedAnswers.install(environment);
    DepartedSenders.install();
  }

  private static void addFilter(Environment environment, Filter filter, String path) {
    var added = environment.servlets().addFilter(filter.getClass().getSimpleName(), filter);
    added.setAsyncSupported(true);
    added.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, path);
  }
}

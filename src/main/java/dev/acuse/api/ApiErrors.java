package dev.acuse.api;

import io.dropwizard.core.setup.Environment;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;

/** Makes every error answer a problem, wherever in the server it arises. */
public final class ApiErrors {
  private ApiErrors() {}

  /**
   * Registers the mappers and error pages. The server's own mappers must be off ({@code
   * server.registerDefaultExceptionMappers: false}).
   */
  public static void install(Environment environment) {
    environment
        .servlets()
        .addFilter("request-ids", new RequestIds())
        .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    environment.jersey().register(new ProblemExceptionMapper());
    environment.jersey().register(new IntakeRefusalMapper());
    environment.jersey().register(new HttpErrorMapper());
    environment.jersey().register(new InvalidJsonMapper());
    environment.jersey().register(new InvalidCheckoutMapper());
    environment.jersey().register(new UnexpectedErrorMapper());
    JettyErrors.install(environment);
  }
}

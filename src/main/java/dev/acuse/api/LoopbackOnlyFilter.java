package dev.acuse.api;

import io.dropwizard.auth.AuthFilter;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;

/**
 * Stands in for a token that nobody configured: lets in only who asks from this machine, as {@link
 * LocalRequest} tells it.
 */
final class LoopbackOnlyFilter extends AuthFilter<String, ApiCaller> {
  private static final ApiCaller LOOPBACK = new ApiCaller("loopback");

  private final Provider<HttpServletRequest> connection;

  @Inject
  LoopbackOnlyFilter(Provider<HttpServletRequest> connection) {
    this.connection = connection;
    this.authenticator = address -> Optional.of(LOOPBACK);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String address = LocalRequest.address(connection.get());
    if (!LocalRequest.isLocal(request, address) || !authenticate(request, address, "Loopback")) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "No API token is configured, so the API answers only to its own machine.");
    }
  }
}

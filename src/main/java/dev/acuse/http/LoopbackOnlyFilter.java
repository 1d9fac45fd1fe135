package dev.acuse.http;

import dev.acuse.event.Scope;
import io.dropwizard.auth.AuthFilter;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/**
 * Stands in for a token that nobody configured: lets in only who asks from this machine, as {@link
 * LocalRequest} tells it.
 */
public final class LoopbackOnlyFilter extends AuthFilter<String, ApiCaller> {
  private static final ApiCaller LOOPBACK = new ApiCaller("loopback", Scope.everything());

  /** Made by Jersey. */
  public LoopbackOnlyFilter() {
    this.authenticator = name -> Optional.of(LOOPBACK);
  }

  @Override
  public void filter(ContainerRequestContext request) {
    boolean local =
        request.getProperty(UnreadBodyFilter.Memory.ATTRIBUTE) instanceof Request sent
            && LocalRequest.isLocal(sent);
    if (!local || !authenticate(request, LOOPBACK.name(), "Loopback")) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "No API token is configured, so the API answers only to its own machine.");
    }
  }
}

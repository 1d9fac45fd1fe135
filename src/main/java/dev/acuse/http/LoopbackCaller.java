package dev.acuse.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/** Stands in for a root token that is not configured: a caller on this machine. */
public final class LoopbackCaller {
  private static final ApiCaller LOOPBACK = ApiCaller.root("loopback");

  private LoopbackCaller() {}

  /** The caller, if it asks from this machine, as {@link LocalRequest} tells it. */
  public static Optional<ApiCaller> of(ContainerRequestContext request) {
    return request.getProperty(UnreadBodyFilter.Memory.ATTRIBUTE) instanceof Request sent
            && LocalRequest.isLocal(sent)
        ? Optional.of(LOOPBACK)
        : Optional.empty();
  }
}

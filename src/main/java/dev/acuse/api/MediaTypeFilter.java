package dev.acuse.api;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/**
 * Answers requests to the API with a body of no type, or whose {@code Accept} cannot be read, as
 * Jersey answers those it does not support: 415 and 406. Jersey would guess at the one and answer
 * the other with a bare 400.
 */
@PreMatching
final class MediaTypeFilter implements ContainerRequestFilter {

  @Override
  public void filter(ContainerRequestContext request) {
    // Webhooks are taken whatever these headers hold.
    if (!ApiScope.looksCovered(request)) {
      return;
    }
    if (request.hasEntity() && request.getMediaType() == null) {
      throw ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }
    try {
      request.getAcceptableMediaTypes();
    } catch (ProcessingException e) {
      throw ProblemException.of(ProblemCode.NOT_ACCEPTABLE).causedBy(e);
    }
  }
}

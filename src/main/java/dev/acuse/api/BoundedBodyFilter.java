package dev.acuse.api;

import dev.acuse.http.BoundedBody;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.RequestBodies;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;

/** Refuses bodies that are too large, too slow or encoded. */
final class BoundedBodyFilter implements ContainerRequestFilter {
  /** In bytes. The API's largest request is a checkout, far below this. */
  static final long DEFAULT_LIMIT = 64 * 1024;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final long limit;

  /**
   * @param limit how many bytes a body may have
   */
  BoundedBodyFilter(long limit) {
    this.limit = limit;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String encoding = request.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw ProblemException.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }
    if (request.getLength() > limit) {
      throw ProblemException.of(ProblemCode.PAYLOAD_TOO_LARGE);
    }
    if (request.getProperty(RequestBodies.REFUSAL) instanceof Throwable refusal) {
      throw new ProcessingException(refusal);
    }
    if (request.hasEntity()) {
      request.setEntityStream(new BoundedBody(request.getEntityStream(), limit, TIMEOUT));
    }
  }

  /** Puts the filter before every resource of the API, and before no other. */
  static final class Feature implements DynamicFeature {
    private final BoundedBodyFilter filter;

    Feature(BoundedBodyFilter filter) {
      this.filter = filter;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      if (ApiScope.covers(resource)) {
        context.register(filter);
      }
    }
  }
}

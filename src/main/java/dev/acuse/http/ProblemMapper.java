package dev.acuse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.acuse.process.Causes;
import dev.acuse.process.FatalErrors;
import io.dropwizard.jersey.optional.EmptyOptionalException;
import io.dropwizard.jersey.validation.JerseyViolationException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import org.eclipse.jetty.io.EofException;
import org.glassfish.jersey.server.ContainerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what a resource or Jersey throws into a {@link Problem}. Jersey picks the mapper of the
 * nearest type, so there is one for {@link Throwable} and one for each type that a default mapper
 * of Dropwizard would else be nearer to.
 */
abstract class ProblemMapper<E extends Throwable> implements ExceptionMapper<E> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ProblemMapper.class);

  /** All of them, for registration. */
  static final List<Class<?>> ALL =
      List.of(
          OfThrowable.class,
          OfWebApplication.class,
          OfViolation.class,
          OfJson.class,
          OfEof.class,
          OfEmptyOptional.class,
          OfIllegalState.class);

  private final Provider<ContainerRequest> request;

  private ProblemMapper(Provider<ContainerRequest> request) {
    this.request = request;
  }

  @Override
  public Response toResponse(E failure) {
    FatalErrors.haltOn(failure);
    if (failure instanceof WebApplicationException web && isRedirection(web.getResponse())) {
      return web.getResponse();
    }
    String requestId = RequestIdFilter.idOf(request.get().getProperty(RequestIdFilter.ATTRIBUTE));
    ProblemException problem = FailureClassifier.classify(failure);
    int status = problem.getResponse().getStatus();
    log(failure, status, requestId);
    // The original answer's headers are kept: Allow, Retry-After, WWW-Authenticate.
    return Response.fromResponse(problem.getResponse())
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(Problem.of(status, problem.code(), problem.detail(), requestId))
        .build();
  }

  private static boolean isRedirection(Response response) {
    return response.getStatus() < 400;
  }

  private static void log(Throwable failure, int status, String requestId) {
    if (status == ProblemCode.UNAVAILABLE.status()) {
      String reason = Causes.root(failure).toString();
      LOGGER.warn("request {} answered 503: {}", requestId, reason.replaceAll("\\p{Cntrl}+", " "));
    } else if (status >= 500) {
      LOGGER.error("request {} failed", requestId, failure);
    }
  }

  @Priority(1)
  static final class OfThrowable extends ProblemMapper<Throwable> {
    @Inject
    OfThrowable(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfWebApplication extends ProblemMapper<WebApplicationException> {
    @Inject
    OfWebApplication(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfViolation extends ProblemMapper<JerseyViolationException> {
    @Inject
    OfViolation(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfJson extends ProblemMapper<JsonProcessingException> {
    @Inject
    OfJson(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfEof extends ProblemMapper<EofException> {
    @Inject
    OfEof(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfEmptyOptional extends ProblemMapper<EmptyOptionalException> {
    @Inject
    OfEmptyOptional(Provider<ContainerRequest> request) {
      super(request);
    }
  }

  @Priority(1)
  static final class OfIllegalState extends ProblemMapper<IllegalStateException> {
    @Inject
    OfIllegalState(Provider<ContainerRequest> request) {
      super(request);
    }
  }
}

package dev.acuse.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.Causes;
import io.dropwizard.jersey.optional.EmptyOptionalException;
import io.dropwizard.jersey.validation.JerseyViolationException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.CharConversionException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;

/** Says which problem a failure is. */
final class FailureClassifier {
  /** How long a client should wait for the database to be back, or for memory. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private FailureClassifier() {}

  /** The problem to answer with; its response carries the headers to be sent along. */
  static ProblemException classify(Throwable failure) {
    if (failure instanceof ProblemException problem) {
      return problem;
    }
    if (failure instanceof JerseyViolationException violation) {
      return ViolationProblem.of(violation);
    }
    if (failure instanceof EmptyOptionalException) {
      return ProblemException.of(ProblemCode.NOT_FOUND);
    }
    if (failure instanceof ParamException parameter) {
      return ProblemException.invalidParameter(parameter.getParameterName(), "is not valid");
    }
    ProblemException problem = ofReading(failure);
    if (problem == null && failure instanceof WebApplicationException web) {
      problem = ProblemException.answering(web.getResponse());
    }
    if (problem == null && DatabaseTrouble.isOutage(failure)) {
      problem = ProblemException.of(ProblemCode.UNAVAILABLE).retryAfter(PAUSE);
    }
    return problem == null ? ProblemException.of(ProblemCode.INTERNAL_ERROR) : problem;
  }

  /**
   * What went wrong while the request was read. Only wrappers of a reading failure are looked
   * through: a time-out of a resource's own, say towards the CRM, must not be blamed on the client.
   */
  private static @Nullable ProblemException ofReading(Throwable failure) {
    for (Throwable cause : Causes.of(failure)) {
      ProblemException problem = ofReadingCause(cause);
      if (problem != null || !isReadingWrapper(cause)) {
        return problem;
      }
    }
    return null;
  }

  private static boolean isReadingWrapper(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof ProcessingException
        || (cause instanceof WebApplicationException web && web.getResponse().getStatus() < 500);
  }

  private static @Nullable ProblemException ofReadingCause(Throwable cause) {
    if (cause instanceof ProblemException problem) {
      return problem;
    }
    if (cause instanceof BoundedBody.TooLargeException) {
      return ProblemException.of(ProblemCode.PAYLOAD_TOO_LARGE);
    }
    if (cause instanceof BoundedBody.NoRoomException) {
      return ProblemException.of(ProblemCode.UNAVAILABLE).retryAfter(PAUSE);
    }
    if (cause instanceof HttpException http && http.getCode() >= 400 && http.getCode() < 500) {
      return ProblemException.answering(Response.status(http.getCode()).build());
    }
    if (cause instanceof TimeoutException || cause instanceof BoundedBody.TooSlowException) {
      return ProblemException.of(ProblemCode.REQUEST_TIMEOUT);
    }
    if (cause instanceof EofException || cause instanceof ZipException) {
      return ProblemException.of(ProblemCode.BAD_REQUEST);
    }
    if (cause instanceof CharConversionException) {
      return ProblemException.of(ProblemCode.MALFORMED_JSON);
    }
    return cause instanceof JsonProcessingException json ? JsonProblem.of(json) : null;
  }
}

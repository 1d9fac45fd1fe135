package dev.acuse.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers with the problem that a resource threw. */
final class ProblemExceptionMapper implements ExceptionMapper<ProblemException> {
  @Override
  public Response toResponse(ProblemException problem) {
    return Problem.of(problem.status(), problem.code(), problem.detail())
        .response()
        .header(HttpHeaders.RETRY_AFTER, problem.retryAfterSeconds())
        .build();
  }
}

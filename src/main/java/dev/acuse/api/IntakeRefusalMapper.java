package dev.acuse.api;

import dev.acuse.intake.IntakeRefusal;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/** Answers a webhook that is not acknowledged. */
final class IntakeRefusalMapper implements ExceptionMapper<IntakeRefusal> {
  @Override
  public Response toResponse(IntakeRefusal refusal) {
    return Problem.of(refusal.status(), refusal.code(), refusal.detail())
        .response()
        .header(HttpHeaders.RETRY_AFTER, refusal.retryAfterSeconds())
        .header("Connection", refusal.closesConnection() ? "close" : null)
        .build();
  }
}

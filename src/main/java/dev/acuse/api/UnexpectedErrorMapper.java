package dev.acuse.api;

import dev.acuse.event.DatabaseTrouble;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what nobody foresaw: the log has the stack, the sender an id to ask for it by. */
final class UnexpectedErrorMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOGGER = LoggerFactory.getLogger(UnexpectedErrorMapper.class);
  private static final int RETRY_AFTER_SECONDS = 5;

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof BadMessageException) {
      return Problem.of(400, "bad_request", null).response().build();
    }
    if (failure instanceof HttpException http && http.getCode() < 500) {
      return Problem.of(http.getCode(), "bad_request", null).response().build();
    }
    if (DatabaseTrouble.isOutage(failure)) {
      LOGGER.warn("the database is out", failure);
      return Problem.of(503, "unavailable", "The database does not answer.")
          .response()
          .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
          .build();
    }
    LOGGER.error("request failed", failure);
    return Problem.of(500, "internal_error", null).response().build();
  }
}

package dev.acuse.http;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request with a {@link Problem}. The answer is filled in by {@link ApiErrors}, which knows
 * the request id. Nothing of the request belongs in {@code detail}, except the name of a parameter.
 */
public final class ProblemException extends WebApplicationException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String detail;

  private ProblemException(
      Response response, String code, String detail, @Nullable Throwable cause) {
    super(detail, cause, response);
    this.code = code;
    this.detail = detail;
  }

  /**
   * A problem.
   *
   * @param status the HTTP status, 400 or above
   * @param code a stable word, in snake_case
   * @param detail one sentence for people
   */
  public static ProblemException of(int status, String code, String detail) {
    return new ProblemException(Response.status(status).build(), code, detail, null);
  }

  /** A general problem, with the sentence that goes with it. */
  public static ProblemException of(ProblemCode problem) {
    return of(problem, problem.detail());
  }

  /** A general problem, with a better sentence. */
  public static ProblemException of(ProblemCode problem, String detail) {
    return of(problem.status(), problem.code(), detail);
  }

  /**
   * A query, path or header parameter that is not what it should be.
   *
   * @param name the parameter's name as the API's documentation has it
   * @param expectation what it must be, for example {@code must be a whole number from 1 to 500}
   */
  public static ProblemException invalidParameter(String name, String expectation) {
    return of(ProblemCode.INVALID_PARAMETER, "The parameter '" + name + "' " + expectation + ".");
  }

  /** The general problem of an answer's status, with that answer's headers. */
  static ProblemException answering(Response response) {
    ProblemCode problem = ProblemCode.ofStatus(response.getStatus());
    return new ProblemException(response, problem.code(), problem.detail(), null);
  }

  /** The same problem, telling the client when to come back; whole seconds, rounded up. */
  public ProblemException retryAfter(Duration delay) {
    long seconds = delay.plusNanos(999_999_999).toSeconds();
    return withHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(0, seconds)));
  }

  /** The same problem, asking the client to prove who it is in this way. */
  public ProblemException challenge(String wwwAuthenticate) {
    return withHeader(HttpHeaders.WWW_AUTHENTICATE, wwwAuthenticate);
  }

  /**
   * The same problem, on a connection that is of no further use: the request was not read whole.
   */
  public ProblemException closingTheConnection() {
    return withHeader("Connection", "close");
  }

  /** The same problem, remembering what it came of; for the log, never for the client. */
  public ProblemException causedBy(Throwable cause) {
    return new ProblemException(getResponse(), code, detail, cause);
  }

  private ProblemException withHeader(String name, String value) {
    Response response = Response.fromResponse(getResponse()).header(name, value).build();
    return new ProblemException(response, code, detail, getCause());
  }

  /** The stable word for the problem. */
  public String code() {
    return code;
  }

  /** One sentence for people. */
  public String detail() {
    return detail;
  }
}

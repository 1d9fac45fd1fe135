package dev.acuse.api;

import org.jspecify.annotations.Nullable;

/** A request is answered with a problem. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String detail;
  private final @Nullable Integer retryAfterSeconds;

  private ProblemException(
      int status, String code, String detail, @Nullable Integer retryAfterSeconds) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** A parameter or a field is not what it should be; {@code detail} names it. */
  static ProblemException invalidParameter(String detail) {
    return new ProblemException(400, "invalid_parameter", detail, null);
  }

  /** There is no such thing. */
  static ProblemException notFound(String detail) {
    return new ProblemException(404, "not_found", detail, null);
  }

  /** It is in a state in which that cannot be done. */
  static ProblemException conflict(String code, String detail) {
    return new ProblemException(409, code, detail, null);
  }

  /** Somebody whom we need does not answer. */
  static ProblemException unavailable(String detail, int retryAfterSeconds) {
    return new ProblemException(503, "unavailable", detail, retryAfterSeconds);
  }

  /** Somebody whom we need answered with something that we cannot use. */
  static ProblemException badGateway(String detail) {
    return new ProblemException(502, "bad_gateway", detail, null);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String detail() {
    return detail;
  }

  @Nullable Integer retryAfterSeconds() {
    return retryAfterSeconds;
  }
}

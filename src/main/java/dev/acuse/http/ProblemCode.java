package dev.acuse.http;

import java.util.Locale;

/**
 * The problems that any resource may have. A resource adds words of its own where these fall short.
 */
public enum ProblemCode {
  /** The request breaks HTTP's own rules, or those of a resource without a better word. */
  BAD_REQUEST(400, "The request is malformed."),
  /** A query, path or header parameter is not what it should be. */
  INVALID_PARAMETER(400, "A parameter is not valid."),
  /** The body is JSON, but not what it should be. */
  INVALID_BODY(400, "The body is not what it should be."),
  /** The body is not JSON. */
  MALFORMED_JSON(400, "The body is not valid JSON."),
  /** There is no proof of who asks, or a wrong one. */
  UNAUTHORIZED(401, "The request carries no valid bearer token."),
  /** Whoever asks may not. */
  FORBIDDEN(403, "The request is not allowed."),
  /** There is nothing at this address. */
  NOT_FOUND(404, "There is nothing here."),
  /** The address is right, the method is not. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here."),
  /** The client accepts nothing that this address can offer. */
  NOT_ACCEPTABLE(406, "There is no answer in a form that the request accepts."),
  /** The request came too slowly. */
  REQUEST_TIMEOUT(408, "The request took too long to arrive."),
  /** What is asked for is impossible in the present state. */
  CONFLICT(409, "The request does not fit the present state."),
  /** The body is over the limit. */
  PAYLOAD_TOO_LARGE(413, "The body is too large."),
  /** The address is over the limit. */
  URI_TOO_LONG(414, "The address is too long."),
  /** The body's form or encoding is not taken here. */
  UNSUPPORTED_MEDIA_TYPE(415, "The body's media type or encoding is not taken here."),
  /** The request expects something that this server does not do. */
  EXPECTATION_FAILED(417, "The expectation cannot be met."),
  /** Another protocol is needed. */
  UPGRADE_REQUIRED(426, "The protocol is not spoken here."),
  /** Too much at once. */
  TOO_MANY_REQUESTS(429, "There are too many requests."),
  /** The headers are over the limit. */
  HEADERS_TOO_LARGE(431, "The headers are too large."),
  /** Our own failure; the log knows more. */
  INTERNAL_ERROR(500, "The request failed on our side. The log knows more under the request id."),
  /** The method is not known at all. */
  NOT_IMPLEMENTED(501, "The method is not known here."),
  /** Something that the request needs is out for the moment. */
  UNAVAILABLE(503, "The service cannot do this at the moment. Please try again."),
  /** The version of HTTP is not spoken here. */
  HTTP_VERSION_NOT_SUPPORTED(505, "The HTTP version is not supported.");

  private final int status;
  private final String detail;

  ProblemCode(int status, String detail) {
    this.status = status;
    this.detail = detail;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }

  /** The stable word for it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The sentence for people where there is nothing better to say. */
  public String detail() {
    return detail;
  }

  /** The general problem of an HTTP status; for a status that has none, that of its class. */
  static ProblemCode ofStatus(int status) {
    for (ProblemCode problem : values()) {
      if (problem.status == status) {
        return problem;
      }
    }
    return status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
  }
}

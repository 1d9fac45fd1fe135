package dev.acuse.api;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.Map;

/** Answers what Jersey itself refuses: an unknown path, a wrong method, a wrong media type. */
final class HttpErrorMapper implements ExceptionMapper<WebApplicationException> {
  private static final Map<Integer, String> CODES =
      Map.of(
          400, "bad_request",
          401, "unauthorized",
          403, "forbidden",
          404, "not_found",
          405, "method_not_allowed",
          406, "not_acceptable",
          413, "payload_too_large",
          415, "unsupported_media_type");

  @Override
  public Response toResponse(WebApplicationException failure) {
    Response given = failure.getResponse();
    int status = given.getStatus();
    if (status < 400) {
      return given;
    }
    String code = status >= 500 ? "internal_error" : CODES.getOrDefault(status, "bad_request");
    return Problem.of(status, code, null)
        .response()
        .header(HttpHeaders.ALLOW, given.getHeaderString(HttpHeaders.ALLOW))
        .header(HttpHeaders.WWW_AUTHENTICATE, given.getHeaderString(HttpHeaders.WWW_AUTHENTICATE))
        .build();
  }
}

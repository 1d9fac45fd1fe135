package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, for programs and people (RFC 9457). Never holds what the sender sent, nor the
 * text of an exception.
 *
 * @param code a stable word for what went wrong
 * @param detail one sentence
 * @param requestId finds the request in the log
 */
@JsonPropertyOrder({"type", "title", "status", "code", "detail", "request_id"})
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    @JsonProperty("type") String type,
    @JsonProperty("title") String title,
    @JsonProperty("status") int status,
    @JsonProperty("code") String code,
    @JsonProperty("detail") @Nullable String detail,
    @JsonProperty("request_id") String requestId) {

  static final MediaType MEDIA_TYPE = new MediaType("application", "problem+json");

  /** A problem of the present request. */
  static Problem of(int status, String code, @Nullable String detail) {
    Response.Status known = Response.Status.fromStatusCode(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    return new Problem("about:blank", title, status, code, detail, RequestIds.current());
  }

  /** The answer that carries it. */
  Response.ResponseBuilder response() {
    return Response.status(status).type(MEDIA_TYPE).entity(this);
  }
}

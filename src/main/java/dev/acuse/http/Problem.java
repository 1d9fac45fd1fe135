package dev.acuse.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.ws.rs.core.Response;
import org.eclipse.jetty.http.HttpStatus;

/**
 * What a client is told when its request comes to nothing (RFC 9457). Never holds anything of the
 * request, a class name or a message of a library.
 *
 * @param type always {@value #ABOUT_BLANK}: {@code code} tells the problems apart
 * @param title the reason phrase of the status
 * @param code a stable word for programs, in snake_case
 * @param detail one sentence for people; its wording may change
 * @param requestId the id under which the log knows this request; the header {@value
 *     RequestIdFilter#HEADER} holds it too
 */
@JsonPropertyOrder({"type", "title", "status", "code", "detail", "request_id"})
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    @JsonProperty("request_id") String requestId) {

  /** The media type of every problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String ABOUT_BLANK = "about:blank";

  /** A problem with the title that belongs to its status. */
  public static Problem of(int status, String code, String detail, String requestId) {
    return new Problem(ABOUT_BLANK, title(status), status, code, detail, requestId);
  }

  private static String title(int status) {
    // Jetty knows more of them, but has words of its own for some.
    Response.Status known = Response.Status.fromStatusCode(status);
    return known == null ? HttpStatus.getMessage(status) : known.getReasonPhrase();
  }
}

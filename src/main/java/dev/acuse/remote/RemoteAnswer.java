package dev.acuse.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What another system answered, read to its end. */
public final class RemoteAnswer {
  /**
   * In the heap each value is many times as large as on the wire. A page of a hundred payments has
   * some fifty thousand.
   */
  private static final int MAX_TOKENS = 200_000;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(200)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String system;
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final @Nullable String secret;

  /**
   * @param headers by lower-case name
   */
  RemoteAnswer(
      String system,
      int status,
      Map<String, String> headers,
      byte[] body,
      @Nullable String secret) {
    this.system = system;
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body.clone();
    this.secret = secret;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /**
   * A header of the answer.
   *
   * @param name lower-case
   */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * The answer as a JSON object; floating-point numbers are {@code BigDecimal}.
   *
   * @throws RemoteException.BadResponse if it is anything else
   */
  public JsonNode object() throws RemoteException.BadResponse {
    if (body.length == 0) {
      throw bad("an empty answer");
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException e) {
      // without the parser's message: it quotes the answer, which may hold a payer's data
      throw bad("an answer that is not JSON");
    }
    if (!answer.isObject()) {
      throw bad("JSON that is not an object");
    }
    return answer;
  }

  /**
   * This answer makes no sense.
   *
   * @param what is wrong with it, for example {@code an answer without an id}
   */
  public RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse(
        system + " answered " + status + " with " + RemoteText.clean(what, secret), status, null);
  }

  /**
   * What an answer other than 2xx means, sorted by what to do next.
   *
   * @param retryAfter how long to wait; null if the other side did not say
   */
  RemoteException failure(@Nullable Duration retryAfter) {
    if (status >= 200 && status < 400) {
      return bad(status < 300 ? "an answer of no use" : "a redirect, which is not followed");
    }
    String message = system + " answered " + status + ": " + message();
    return switch (status) {
      case 401 -> new RemoteException.Unauthorized(message, status);
      // 423 and 424: locked idempotency key, failed dependency (MercadoPago's Java SDK)
      case 408, 423, 424, 429 -> new RemoteException.Unavailable(message, status, retryAfter, null);
      default ->
          status >= 500
              ? new RemoteException.Unavailable(message, status, retryAfter, null)
              : new RemoteException.Rejected(message, status);
    };
  }

  /** The other side's own words for a failure; never a whole answer. */
  private String message() {
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException e) {
      return "no reason given";
    }
    String message = words(answer.path("message"));
    if (message.isBlank()) {
      message = words(answer.path("error"));
    }
    return message.isBlank() ? "no reason given" : RemoteText.clean(message, secret);
  }

  private static String words(JsonNode node) {
    if (!node.isArray()) {
      return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }
    var words = new StringBuilder();
    for (JsonNode element : node) {
      words.append(words.isEmpty() ? "" : "; ").append(element.isTextual() ? element.asText() : "");
    }
    return words.toString();
  }
}

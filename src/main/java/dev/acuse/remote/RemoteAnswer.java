package dev.acuse.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.remote.RefusalRules.About;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What another system answered, read to its end. */
public final class RemoteAnswer {
  /**
   * In the heap each value is many times as large as on the wire. A page of a hundred payments has
   * some fifty thousand.
   */
  private static final int MAX_TOKENS = 200_000;

  /** In characters. */
  private static final int MAX_WORDS = 2_000;

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
   * @throws RemoteException.NotUnderstood if it is anything else
   */
  public JsonNode object() throws RemoteException.NotUnderstood {
    if (body.length == 0) {
      throw notUnderstood("an empty answer");
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException e) {
      // without the parser's message: it quotes the answer, which may hold a payer's data
      throw notUnderstood(isPage() ? "a page in place of an answer" : "an answer that is not JSON");
    }
    if (!answer.isObject()) {
      throw notUnderstood("JSON that is not an object");
    }
    return answer;
  }

  /**
   * All texts of a JSON object, in lower case, with blanks between them; empty if the answer is
   * anything else. At most so much of it as a refusal ever says.
   */
  public String words() {
    JsonNode json = objectOrNull();
    var words = new StringBuilder();
    if (json != null) {
      collect(json, words);
    }
    return words.toString().toLowerCase(Locale.ROOT);
  }

  private static void collect(JsonNode node, StringBuilder words) {
    for (JsonNode child : node) {
      if (words.length() >= MAX_WORDS) {
        return;
      }
      if (child.isTextual()) {
        String text = child.asText();
        words.append(text, 0, Math.min(text.length(), MAX_WORDS)).append(' ');
      } else {
        collect(child, words);
      }
    }
  }

  /** Whether nothing was answered but a status. */
  public boolean isEmpty() {
    return body.length == 0;
  }

  /** The same; null if it is anything else than a JSON object. */
  public @Nullable JsonNode objectOrNull() {
    try {
      return object();
    } catch (RemoteException.NotUnderstood e) {
      return null;
    }
  }

  /**
   * This answer is not one to what was asked, as if something else had answered.
   *
   * @param what it is, for example {@code an empty answer}
   */
  public RemoteException.NotUnderstood notUnderstood(String what) {
    return new RemoteException.NotUnderstood(sentence(what), status, null);
  }

  private String sentence(String what) {
    return system + " answered " + status + " with " + RemoteText.clean(what, secret);
  }

  private boolean isPage() {
    int length = Math.min(body.length, 100);
    return new String(body, 0, length, StandardCharsets.ISO_8859_1).strip().startsWith("<");
  }

  /**
   * This answer to what was asked makes no sense.
   *
   * @param what is wrong with it, for example {@code an answer without an id}
   */
  public RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse(sentence(what), status, null);
  }

  /**
   * What an answer other than 2xx means, sorted by what to do next.
   *
   * @param rules say what a refusal is about
   * @param retryAfter how long to wait; null if the other side did not say
   */
  RemoteException failure(RefusalRules rules, @Nullable Duration retryAfter) {
    if (status < 400) {
      return notUnderstood(
          status >= 300 ? "a redirect, which is not followed" : "an answer of no use");
    }
    String message = system + " answered " + status + ": " + message();
    return switch (status) {
      case 407 -> notUnderstood("a proxy's wish to know who asks");
      // 423 and 424: locked idempotency key, failed dependency (MercadoPago's Java SDK)
      case 408, 423, 424, 429 -> new RemoteException.Unavailable(message, status, retryAfter, null);
      default ->
          status >= 500
              ? new RemoteException.Unavailable(message, status, retryAfter, null)
              : refusal(rules.of(this), message);
    };
  }

  private RemoteException refusal(About about, String message) {
    return switch (about) {
      case US -> new RemoteException.Unauthorized(message, status);
      case THIS_ONE -> new RemoteException.Rejected(message, status);
      case NEITHER ->
          isPage()
              ? notUnderstood("a page in place of an answer")
              : RemoteException.NotUnderstood.inUnknownWords(message, status);
    };
  }

  /** The other side's own words for a failure; never a whole answer. */
  private String message() {
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException e) {
      return isPage() ? "a page in place of an answer" : "no reason given";
    }
    String message = words(answer.path("message"));
    if (message.isBlank()) {
      message = words(answer.path("error"));
    }
    if (message.isBlank()) {
      message = wordsOfEach(answer.path("errors"));
    }
    return message.isBlank() ? "no reason given" : RemoteText.clean(message, secret);
  }

  /** A list of failures, each a text or an object with a code and a message. */
  private static String wordsOfEach(JsonNode errors) {
    var words = new StringBuilder();
    for (JsonNode error : errors) {
      String message = error.isTextual() ? error.asText() : error.path("message").asText();
      String said = message.isBlank() ? error.path("code").asText() : message;
      if (!said.isBlank()) {
        words.append(words.isEmpty() ? "" : "; ").append(said);
      }
    }
    return words.toString();
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

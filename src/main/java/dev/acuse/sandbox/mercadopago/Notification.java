package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification, ready to be sent or tampered with. Immutable as long as nobody writes into its
 * body.
 *
 * @param query percent-encoded, without the question mark; empty for none
 * @param headers by lower-case name
 * @param loweredId whether the query's {@code data.id} is signed in lower case, as real webhooks
 *     about orders are; else it is signed as it is written
 */
// The body is an array for its exact bytes; nobody compares two notifications with equals.
@SuppressWarnings("ArrayRecordComponent")
public record Notification(
    String query, Map<String, String> headers, byte[] body, boolean loweredId) {
  public Notification {
    headers = Map.copyOf(headers);
  }

  /** One whose id is signed as it is written. */
  public Notification(String query, Map<String, String> headers, byte[] body) {
    this(query, headers, body, false);
  }

  /** The same, to be signed otherwise; the signature that it has stays. */
  Notification withLoweredId(boolean lowered) {
    return new Notification(query, headers, body, lowered);
  }

  /** The same with another query; its signature stays. */
  public Notification withQuery(String other) {
    return new Notification(other, headers, body, loweredId);
  }

  /** The same with another body; its signature stays, for the body is not signed. */
  public Notification withBody(byte[] other) {
    return new Notification(query, headers, other, loweredId);
  }

  /** The same with another body, in UTF-8. */
  public Notification withBody(String other) {
    return withBody(other.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The same with another header.
   *
   * @param name in lower case
   * @param value null to leave it out
   */
  public Notification withHeader(String name, @Nullable String value) {
    var all = new LinkedHashMap<>(headers);
    if (value == null) {
      all.remove(name);
    } else {
      all.put(name, value);
    }
    return new Notification(query, all, body, loweredId);
  }

  /**
   * {@code data.id} of the query, decoded, in the case in which it is signed: the only resource id
   * that is.
   */
  public @Nullable String signedId() {
    String id = Request.parse(query).get("data.id");
    return id == null || !loweredId ? id : id.toLowerCase(Locale.ROOT);
  }

  /** A header, by lower-case name; null if it is absent. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Without headers and body: they hold a signature. */
  @Override
  public String toString() {
    return "Notification[" + query + ", " + body.length + " bytes]";
  }
}

package dev.acuse.sandbox.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One HTTP answer of a sandbox server. */
// The body is an array for its exact bytes; nobody compares two replies with equals.
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, Map<String, String> headers, byte[] body) {

  /** An answer in JSON. */
  public static Reply json(int status, JsonNode body) {
    return new Reply(status, Map.of("Content-Type", "application/json"), Json.bytes(body));
  }

  /** A page. */
  public static Reply html(int status, String page) {
    return new Reply(
        status,
        Map.of("Content-Type", "text/html; charset=utf-8"),
        page.getBytes(StandardCharsets.UTF_8));
  }

  /** The same answer with one more header. */
  public Reply withHeader(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Reply(status, Map.copyOf(all), body);
  }

  Reply withBody(byte[] other) {
    return new Reply(status, headers, other);
  }
}

package dev.acuse.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer of the sandbox. */
// The body is an array because it may be anything; nobody compares replies.
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, byte[] body, Map<String, String> headers) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Reply json(int status, Object body) {
    try {
      return new Reply(
          status, JSON.writeValueAsBytes(body), Map.of("Content-Type", "application/json"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Reply text(int status, String type, String body) {
    return new Reply(status, body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", type));
  }

  Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, body, more);
  }
}

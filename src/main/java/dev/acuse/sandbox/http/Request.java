package dev.acuse.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request to a sandbox server, read to its end.
 *
 * @param path as sent, still percent-encoded
 * @param rawQuery as sent; null if there was none
 * @param query decoded once; of a repeated parameter the first value
 * @param headers by lower-case name; of a repeated header the first value
 */
// The body is an array for its exact bytes; nobody compares two requests with equals.
@SuppressWarnings("ArrayRecordComponent")
public record Request(
    String method,
    String path,
    @Nullable String rawQuery,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final String BEARER = "Bearer ";

  /** What lies beyond 1 MiB of body is left unread; no real client of these APIs sends that. */
  public static Request read(HttpExchange exchange) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    String rawQuery = exchange.getRequestURI().getRawQuery();
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getRawPath(),
        rawQuery,
        parse(rawQuery),
        headers,
        exchange.getRequestBody().readNBytes(MAX_BODY_BYTES));
  }

  /** Decodes a query; a raw {@code +} is a blank, which is how an unencoded date offset is lost. */
  public static Map<String, String> parse(@Nullable String rawQuery) {
    var query = new LinkedHashMap<String, String>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return query;
    }
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.putIfAbsent(decode(name), decode(value));
    }
    return query;
  }

  /** Whether it has this method and exactly this path. */
  public boolean is(String method, String path) {
    return this.method.equals(method) && this.path.equals(path);
  }

  /** The single path segment between a prefix and a suffix; null if the path is another one. */
  public @Nullable String segment(String prefix, String suffix) {
    if (!path.startsWith(prefix)
        || !path.endsWith(suffix)
        || path.length() <= prefix.length() + suffix.length()) {
      return null;
    }
    String between = path.substring(prefix.length(), path.length() - suffix.length());
    return between.indexOf('/') >= 0 ? null : decode(between.replace("+", "%2B"));
  }

  /** A query parameter; null if it is absent or blank. */
  public @Nullable String parameter(String name) {
    String value = query.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /** A header, by lower-case name; null if it is absent. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** The token of {@code authorization: Bearer …}; null if there is none. */
  public @Nullable String bearer() {
    String value = header("authorization");
    return value != null && value.startsWith(BEARER) ? value.substring(BEARER.length()) : null;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}

package dev.acuse.intake;

import dev.acuse.event.ReceivedRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as a provider sent it.
 *
 * @param body the exact bytes; empty if there was no body
 * @param queryString the query, still percent-encoded; null if there was none
 * @param query the query's parameters, decoded once, in the order sent
 * @param headers by lower-case name; a header sent twice has two values
 */
// The body is an array for its exact bytes; nobody compares two deliveries with equals.
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(
    byte[] body,
    @Nullable String queryString,
    Map<String, List<String>> query,
    Map<String, List<String>> headers) {

  /** A delivery as far as it was kept: without its signature. */
  public static Delivery of(ReceivedRequest kept) {
    Map<String, List<String>> headers = new TreeMap<>();
    kept.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    String query = kept.queryString();
    return new Delivery(kept.body(), query, Deliveries.query(query), headers);
  }

  /** The first value of a query parameter; null if it is absent or blank. */
  public @Nullable String queryValue(String name) {
    return first(query, name);
  }

  /** The first value of a header, by its lower-case name; null if it is absent or blank. */
  public @Nullable String header(String name) {
    return first(headers, name);
  }

  private static @Nullable String first(Map<String, List<String>> values, String name) {
    List<String> all = values.get(name);
    if (all == null || all.isEmpty() || all.get(0).isBlank()) {
      return null;
    }
    return all.get(0).strip();
  }
}

package dev.acuse.intake;

import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Unjudged;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as a provider sent it.
 *
 * @param body the exact bytes; empty if there was no body
 * @param queryString the query, still percent-encoded; null if there was none
 * @param headers by lower-case name; a header sent twice has two values
 * @param account the name that the address has behind the source's; null if it has none
 */
// The body is an array for its exact bytes; nobody compares two deliveries with equals.
@SuppressWarnings("ArrayRecordComponent")
public record Delivery(
    byte[] body,
    @Nullable String queryString,
    Map<String, List<String>> headers,
    @Nullable String account) {

  /** A delivery to the address that all accounts share. */
  public Delivery(byte[] body, @Nullable String queryString, Map<String, List<String>> headers) {
    this(body, queryString, headers, null);
  }

  /** A delivery as far as it was kept: without its signature. */
  public static Delivery of(ReceivedRequest kept) {
    Map<String, List<String>> headers = new TreeMap<>();
    kept.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return new Delivery(kept.body(), kept.queryString(), headers);
  }

  /** One that was kept as it came. */
  public static Delivery of(byte[] body, Unjudged kept) {
    return new Delivery(body, kept.queryString(), kept.headers(), kept.account());
  }

  /** What it takes to judge it later, beside its body. */
  Unjudged unjudged() {
    return new Unjudged(account, queryString, headers);
  }

  /**
   * The values of a query parameter that are not blank, decoded once and stripped, in the order
   * sent. Whatever else is in the query does not matter.
   */
  public List<String> queryValues(String name) {
    return QueryParameter.values(queryString, name);
  }

  /** The first value of a header, by its lower-case name; null if it is absent or blank. */
  public @Nullable String header(String name) {
    List<String> all = headers.get(name);
    if (all == null || all.isEmpty() || all.get(0).isBlank()) {
      return null;
    }
    return all.get(0).strip();
  }
}

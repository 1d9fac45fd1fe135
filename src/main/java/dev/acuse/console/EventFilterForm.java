package dev.acuse.console;

import dev.acuse.api.AccountNames;
import dev.acuse.api.EventQuery;
import dev.acuse.event.EventFilter;
import dev.acuse.event.Scope;
import dev.acuse.http.Parameter;
import dev.acuse.http.QueryParameters;
import dev.acuse.payment.PaymentReader;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The filter of the list of events as it stands in the address, so that a view can be sent to a
 * colleague. The same parameters as the API's; days are days in UTC, the last one included.
 */
final class EventFilterForm {
  /** In the order in which they stand in an address. */
  private static final List<String> FIELDS =
      List.of(
          "status",
          "q",
          "type",
          "origin",
          "error_kind",
          "from",
          "to",
          "payment_id",
          "preference_id",
          "account");

  private static final Set<String> KNOWN =
      Stream.concat(EventQuery.NAMES.stream(), Stream.of("cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, String> values = new LinkedHashMap<>();
  private final EventFilter filter;
  private final Scope scope;
  private final @Nullable String cursor;

  /**
   * @param seen what the visitor sees
   * @throws dev.acuse.http.ProblemException if a value is not what it should be
   */
  EventFilterForm(
      MultivaluedMap<String, String> sent,
      PaymentReader payments,
      AccountNames accounts,
      Scope seen) {
    MultivaluedMap<String, String> translated = new MultivaluedHashMap<>();
    for (String name : KNOWN) {
      List<String> all = sent.getOrDefault(name, List.of());
      all.forEach(value -> translated.add(name, instant(name, value)));
      if (FIELDS.contains(name) && !all.isEmpty() && !all.get(0).isBlank()) {
        values.put(name, all.get(0).strip());
      }
    }
    var query = new QueryParameters(translated, KNOWN);
    this.scope = accounts.narrowed(seen, query.get(AccountNames.ACCOUNT));
    this.filter = new EventQuery(payments).read(scope, query);
    this.cursor = query.get("cursor").value();
  }

  private static String instant(String name, String value) {
    if (!name.equals("from") && !name.equals("to")) {
      return value;
    }
    try {
      LocalDate day = LocalDate.parse(value.strip());
      return (name.equals("to") ? day.plusDays(1) : day) + "T00:00:00Z";
    } catch (DateTimeParseException e) {
      // Anything else is for the API's own rules.
      return value;
    }
  }

  EventFilter filter() {
    return filter;
  }

  /** What the visitor sees of the account that is asked for. */
  Scope scope() {
    return scope;
  }

  @Nullable Long before() {
    return EventQuery.cursor(filter, values.get(AccountNames.ACCOUNT))
        .read(new Parameter("cursor", cursor));
  }

  String cursorAfter(long id) {
    return EventQuery.cursor(filter, values.get(AccountNames.ACCOUNT)).after(id);
  }

  boolean isFirstPage() {
    return cursor == null;
  }

  /** What stands in the fields; absent where nothing does. */
  Map<String, String> values() {
    return values;
  }

  /** Whether anything but the status narrows the list. */
  boolean isNarrowed() {
    return values.keySet().stream().anyMatch(name -> !name.equals("status"));
  }

  /**
   * The address's query with another status (null: any) and no cursor; empty or with its {@code ?}.
   */
  String queryWithStatus(@Nullable String status) {
    Map<String, String> wanted = new LinkedHashMap<>(values);
    wanted.remove("status");
    if (status != null) {
      wanted.put("status", status);
    }
    return query(wanted);
  }

  /** The address's query without a cursor; empty or with its {@code ?}. */
  String query() {
    return query(values);
  }

  private static String query(Map<String, String> wanted) {
    String pairs =
        FIELDS.stream()
            .filter(wanted::containsKey)
            .map(
                name ->
                    name
                        + "="
                        + URLEncoder.encode(wanted.getOrDefault(name, ""), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return pairs.isEmpty() ? "" : "?" + pairs;
  }
}

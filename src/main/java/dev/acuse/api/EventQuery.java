package dev.acuse.api;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.payment.PaymentReader;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from a query which events are meant, for lists and for what is done to many at once. */
public final class EventQuery {
  /** The parameters that it reads. */
  public static final Set<String> NAMES =
      Set.of(
          "status",
          "type",
          "origin",
          "error_kind",
          "q",
          "payment_id",
          "preference_id",
          "from",
          "to",
          "account");

  private static final int MAX_TEXT = 256;
  private static final int MAX_SEARCH = 200;

  private final PaymentReader payments;

  /**
   * @param payments where a search looks for references and e-mail addresses
   */
  public EventQuery(PaymentReader payments) {
    this.payments = payments;
  }

  /**
   * The filter that the query asks for; {@link EventFilter#ALL} if it names none. Its account is
   * left to {@link AccountNames#narrowed}.
   *
   * @param scope whose payments a search looks through
   * @throws ProblemException if a parameter is not what it should be
   */
  public EventFilter read(Scope scope, QueryParameters query) {
    Instant from = query.get("from").instant();
    Instant to = query.get("to").instant();
    if (from != null && to != null && from.isAfter(to)) {
      throw query.get("from").invalid("must not be after 'to'");
    }
    return EventFilter.ALL
        .withStatus(
            query
                .get("status")
                .oneOf(EventStatus.KNOWN.toArray(EventStatus[]::new), EventStatus::code))
        .withType(query.get("type").text(MAX_TEXT))
        .withOrigin(
            query
                .get("origin")
                .oneOf(EventOrigin.KNOWN.toArray(EventOrigin[]::new), EventOrigin::code))
        .withErrorKind(query.get("error_kind").text(MAX_TEXT))
        .withMpPaymentId(query.get("payment_id").text(MAX_TEXT))
        .withPreferenceId(query.get("preference_id").text(MAX_TEXT))
        .receivedBetween(from, to)
        .matching(search(scope, query.get("q").text(MAX_SEARCH)));
  }

  private EventFilter.@Nullable Search search(Scope scope, @Nullable String text) {
    return text == null ? null : new EventFilter.Search(text, payments.paymentIdsFor(scope, text));
  }

  /**
   * The cursor of the list of events that a filter narrows.
   *
   * @param account the name of the only account that is meant; null if none is named
   */
  public static Cursor cursor(EventFilter filter, @Nullable String account) {
    EventFilter.Search search = filter.search();
    // Of the search only the words: the payments that they fit grow while somebody pages.
    List<@Nullable Object> values =
        Arrays.asList(
            filter.status(),
            filter.type(),
            filter.origin(),
            filter.mpPaymentId(),
            filter.preferenceId(),
            filter.from(),
            filter.to(),
            search == null ? null : search.text(),
            filter.errorKind(),
            account);
    return new Cursor("webhook-events", values);
  }
}

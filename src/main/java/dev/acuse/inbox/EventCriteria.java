package dev.acuse.inbox;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** An {@link EventFilter} as SQL: its conditions, and the values that they name. */
final class EventCriteria {
  /** The beginning of the keys that have a payment's id after it; an index is made for it. */
  private static final String PAYMENT = "mp:payment:";

  private final EventFilter filter;
  private final List<Long> held;

  /**
   * @param leases as they are before the events are read
   */
  EventCriteria(EventFilter filter, HeldLeases leases) {
    this.filter = filter;
    EventStatus status = filter.status();
    boolean asksWho = status == EventStatus.PENDING || status == EventStatus.PROCESSING;
    this.held = asksWho ? leases.ids() : List.of();
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    add(all, filter.status(), status());
    if (!filter.takesEffects()) {
      all.add("origin <> 'effect'");
    }
    add(all, filter.type(), "event_type = :type");
    EventOrigin origin = filter.origin();
    if (origin != null) {
      all.add(origin(origin));
    }
    add(all, filter.mpPaymentId(), "mp_payment_id = :mpPaymentId");
    add(all, filter.preferenceId(), "preference_id = :preferenceId");
    add(all, filter.from(), "received_at >= :from");
    add(all, filter.to(), "received_at < :to");
    add(
        all,
        filter.search(),
        """
        id IN (SELECT id FROM webhook_events
            WHERE account_id = 1 AND webhook_id LIKE :textPrefix ESCAPE '!'
          UNION SELECT id FROM webhook_events
            WHERE account_id = 1 AND webhook_id LIKE :paymentPrefix ESCAPE '!'
          UNION SELECT id FROM webhook_events
            WHERE resource_id = :text AND webhook_id NOT LIKE 'mp:payment:%' AND origin <> 'effect'
          UNION SELECT id FROM webhook_events WHERE mp_payment_id = :text
          UNION SELECT id FROM webhook_events WHERE preference_id = :text
          UNION SELECT id FROM webhook_events WHERE payment_id = ANY(:textPayments))""");
    return String.join(" AND ", all);
  }

  /**
   * What follows {@code ORDER BY} for the newest first. It names what is the same in each row,
   * because H2 takes the order of an index only if all of its columns are named.
   */
  String newestFirst() {
    EventStatus status = filter.status();
    return status == null || status == EventStatus.PENDING || status == EventStatus.PROCESSING
        ? "id DESC"
        : "account_id DESC, status DESC, id DESC";
  }

  private String status() {
    EventStatus status = filter.status();
    if (status == EventStatus.PENDING) {
      return "status = 'pending' AND id <> ALL(:held)";
    }
    if (status == EventStatus.PROCESSING) {
      return "status = 'pending' AND id = ANY(:held)";
    }
    // A word in the text, because the planner has to know which partial index holds it. No index
    // of what is pending begins with the account.
    return "account_id = %d AND status = '%s'"
        .formatted(Place.MAIN_ACCOUNT, status == null ? "" : status.code());
  }

  private String origin(EventOrigin origin) {
    String condition = "origin = '" + origin.code() + "'";
    if (origin != EventOrigin.EFFECT || filter.status() != null) {
      return condition;
    }
    // True of each row. So worded, effects are found by two indexes where they are few: that of
    // those that have ended, and that of what is pending.
    return condition
        + " AND ((account_id = %d AND status <> 'pending') OR status = 'pending')"
            .formatted(Place.MAIN_ACCOUNT);
  }

  private static void add(List<String> conditions, @Nullable Object value, String condition) {
    if (value != null) {
      conditions.add(condition);
    }
  }

  /** Binds the values that {@link #conditions()} name. */
  <T extends SqlStatement<T>> T bind(T statement) {
    T bound = statement;
    EventStatus status = filter.status();
    if (status == EventStatus.PENDING || status == EventStatus.PROCESSING) {
      bound = bound.bindArray("held", Long.class, held);
    }
    if (filter.type() != null) {
      bound = bound.bind("type", filter.type());
    }
    if (filter.mpPaymentId() != null) {
      bound = bound.bind("mpPaymentId", filter.mpPaymentId());
    }
    if (filter.preferenceId() != null) {
      bound = bound.bind("preferenceId", filter.preferenceId());
    }
    if (filter.from() != null) {
      bound = bound.bind("from", filter.from());
    }
    if (filter.to() != null) {
      bound = bound.bind("to", filter.to());
    }
    EventFilter.Search search = filter.search();
    return search == null ? bound : bindSearch(bound, search);
  }

  private static <T extends SqlStatement<T>> T bindSearch(T statement, EventFilter.Search search) {
    String escaped = search.text().replaceAll("[!%_]", "!$0");
    return statement
        .bind("text", search.text())
        .bind("textPrefix", escaped + "%")
        .bind("paymentPrefix", PAYMENT + escaped + ":%")
        .bindArray("textPayments", Long.class, search.paymentIds());
  }
}

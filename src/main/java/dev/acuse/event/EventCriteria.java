package dev.acuse.event;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** An {@link EventFilter} as SQL: its conditions, and the values that they name. */
final class EventCriteria {
  private final EventFilter filter;

  EventCriteria(EventFilter filter) {
    this.filter = filter;
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    add(all, filter.status(), "status = :status");
    add(all, filter.type(), "event_type = :type");
    add(all, filter.origin(), "origin = :origin");
    add(all, filter.mpPaymentId(), "mp_payment_id = :mpPaymentId");
    add(all, filter.preferenceId(), "preference_id = :preferenceId");
    add(all, filter.from(), "received_at >= :from");
    add(all, filter.to(), "received_at < :to");
    add(
        all,
        filter.search(),
        """
        id IN (SELECT id FROM webhook_events WHERE webhook_id LIKE :textPrefix ESCAPE '!'
          UNION SELECT id FROM webhook_events
            WHERE resource_id = :text AND status <> 'processing'
          UNION SELECT id FROM webhook_events
            WHERE resource_id = :text AND status = 'processing'
          UNION SELECT id FROM webhook_events WHERE mp_payment_id = :text
          UNION SELECT id FROM webhook_events WHERE preference_id = :text
          UNION SELECT id FROM webhook_events WHERE payment_id = ANY(:textPayments))""");
    return String.join(" AND ", all);
  }

  private static void add(List<String> conditions, @Nullable Object value, String condition) {
    if (value != null) {
      conditions.add(condition);
    }
  }

  /** Binds the values that {@link #conditions()} name. */
  <T extends SqlStatement<T>> T bind(T statement) {
    T bound = statement;
    if (filter.status() != null) {
      bound = bound.bind("status", filter.status().code());
    }
    if (filter.type() != null) {
      bound = bound.bind("type", filter.type());
    }
    if (filter.origin() != null) {
      bound = bound.bind("origin", filter.origin().code());
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
    return statement
        .bind("text", search.text())
        .bind("textPrefix", search.text().replaceAll("[!%_]", "!$0") + "%")
        .bindArray("textPayments", Long.class, search.paymentIds());
  }
}

package dev.acuse.inbox;

import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventCriteria.Whose;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The events that a filter means, as far as a scope sees them, for the length of one handle. The
 * index of a list begins with the account and the status: where more than one of either is meant,
 * each is read by itself, and no more of it than is asked for.
 */
final class EventSelection {
  /** Of more accounts than that much of what is newest is seen: then all are looked through. */
  private static final int MOST_APART = 64;

  private final Handle handle;
  private final HeldLeases leases;
  private final List<EventCriteria> parts;

  EventSelection(Handle handle, EventFilter filter, Scope scope, KnownAccounts known) {
    this.handle = handle;
    this.leases = HeldLeases.read(handle);
    List<Long> held = EventCriteria.held(filter, leases);
    this.parts =
        whose(filter, scope, known).stream()
            .map(part -> EventCriteria.of(filter, part, held))
            .toList();
  }

  private static List<Whose> whose(EventFilter filter, Scope scope, KnownAccounts known) {
    if (scope.isEverything() && known.isMainAlone()) {
      return List.of(Whose.MAIN_ALONE);
    }
    if (scope.isEverything() && !needsAccount(filter)) {
      return List.of(Whose.ALL);
    }
    Set<Long> accounts = scope.isEverything() ? known.ids() : scope.accountIds();
    if (filter.status() != null || isSelective(filter)) {
      return accounts.stream().map(account -> Whose.of(account, null)).toList();
    }
    if (accounts.size() > MOST_APART) {
      return List.of(Whose.of(accounts.stream().sorted().toList()));
    }
    return accounts.stream()
        .flatMap(account -> StatusIndex.STORED.stream().map(status -> Whose.of(account, status)))
        .toList();
  }

  /** Whether an index that begins with the account finds what is meant. */
  private static boolean needsAccount(EventFilter filter) {
    EventStatus status = filter.status();
    boolean hasEnded =
        status != null && status != EventStatus.PENDING && status != EventStatus.PROCESSING;
    return hasEnded
        || filter.search() != null
        || (status == null && filter.origin() == EventOrigin.EFFECT);
  }

  /** Whether another index finds the few that are meant. */
  private static boolean isSelective(EventFilter filter) {
    EventOrigin origin = filter.origin();
    return filter.search() != null
        || filter.mpPaymentId() != null
        || filter.preferenceId() != null
        || (filter.type() != null && !filter.type().equals("payment"))
        || (origin != null && origin != EventOrigin.WEBHOOK && origin != EventOrigin.EFFECT);
  }

  /**
   * The newest of them, the newest first.
   *
   * @param before only those with a lower id; null for the newest
   */
  List<WebhookEvent> newest(@Nullable Long before, int limit) {
    if (parts.size() == 1) {
      EventCriteria only = parts.get(0);
      return events(newest(only, EventRows.COLUMNS, before, limit));
    }
    List<Long> ids =
        merged(
            part -> newest(part, "id", before, limit).mapTo(Long.class).list(),
            Comparator.reverseOrder(),
            limit);
    return events(
        handle
            .createQuery(
                "SELECT "
                    + EventRows.COLUMNS
                    + " FROM webhook_events WHERE id = ANY(:ids) ORDER BY id DESC")
            .bindArray("ids", Long.class, ids));
  }

  private List<WebhookEvent> events(Query query) {
    return query.map(EventRows.MAPPER).stream().map(leases::seen).toList();
  }

  private Query newest(EventCriteria part, String columns, @Nullable Long before, int limit) {
    Query query =
        part.bind(
                handle.createQuery(
                    "SELECT "
                        + columns
                        + " FROM webhook_events WHERE "
                        + part.conditions()
                        + (before == null ? "" : " AND id < :before")
                        + " ORDER BY "
                        + part.newestFirst()
                        + " LIMIT :limit"))
            .bind("limit", limit);
    return before == null ? query : query.bind("before", before);
  }

  private List<Long> merged(
      Function<EventCriteria, List<Long>> ids, Comparator<Long> order, int limit) {
    List<Long> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(ids.apply(part)));
    return all.stream().distinct().sorted(order).limit(limit).toList();
  }

  /** How many they are. */
  long count() {
    return parts.stream().mapToLong(part -> number(part, "COUNT(*)")).sum();
  }

  /** The highest id among them; 0 if there are none. */
  long lastId() {
    return parts.stream().mapToLong(part -> number(part, "COALESCE(MAX(id), 0)")).max().orElse(0);
  }

  private long number(EventCriteria part, String what) {
    return part.bind(
            handle.createQuery(
                "SELECT " + what + " FROM webhook_events WHERE " + part.conditions()))
        .mapTo(Long.class)
        .one();
  }

  /** Their ids above {@code after} and up to {@code last}, the lowest first. */
  List<Long> ids(long after, long last, int limit) {
    return merged(part -> ids(part, after, last, limit), Comparator.naturalOrder(), limit);
  }

  private List<Long> ids(EventCriteria part, long after, long last, int limit) {
    return part.bind(
            handle.createQuery(
                "SELECT id FROM webhook_events WHERE "
                    + part.conditions()
                    + " AND id > :after AND id <= :last ORDER BY "
                    + part.oldestFirst()
                    + " LIMIT :limit"))
        .bind("after", after)
        .bind("last", last)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }
}

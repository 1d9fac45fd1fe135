package dev.acuse.inbox;

import dev.acuse.database.QueryLimit;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * When genuine deliveries came. It need not be told which accounts there are, and reads a database
 * that is older than they are. Thread-safe. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class DeliveryReader {
  private static final int LATEST = 200;

  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}; need not be able to connect yet
   */
  public DeliveryReader(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The latest, the newest first; some hundred of them. */
  public List<Instant> latest(Scope scope) {
    return jdbi.withHandle(handle -> latest(handle, scope));
  }

  private static List<Instant> latest(Handle handle, Scope scope) {
    if (scope.isEverything()) {
      return latest(handle, "status <> 'quarantined'", "id DESC");
    }
    return scope.accountIds().stream()
        .flatMap(
            account ->
                StatusIndex.STORED.stream()
                    .filter(status -> status != EventStatus.QUARANTINED)
                    .flatMap(
                        status ->
                            latest(
                                handle,
                                "account_id = %d AND status = '%s'"
                                    .formatted(account, status.code()),
                                "account_id DESC, status DESC, id DESC")
                                .stream()))
        .sorted(Comparator.reverseOrder())
        .limit(LATEST)
        .toList();
  }

  private static List<Instant> latest(Handle handle, String which, String newestFirst) {
    return handle
        .createQuery(
            """
            SELECT received_at FROM webhook_events
            WHERE origin = 'webhook' AND %s ORDER BY %s LIMIT %d
            """
                .formatted(which, newestFirst, LATEST))
        .mapTo(Instant.class)
        .list();
  }

  /**
   * The last of each type, as far as it is among the latest of its type; types without one are left
   * out. For each it reads a bounded part of an index, within the {@link QueryLimit}.
   *
   * @param types as they are stored
   */
  public Map<String, Instant> last(Scope scope, Collection<String> types) {
    return jdbi.withHandle(
        handle ->
            QueryLimit.within(
                handle,
                () -> {
                  Map<String, Instant> last = new TreeMap<>();
                  for (String type : types) {
                    last(handle, scope, type).ifPresent(at -> last.put(type, at));
                  }
                  return last;
                }));
  }

  /**
   * Nearly all are payments, so that no index holds those: the latest of all are looked through.
   */
  private static Optional<Instant> last(Handle handle, Scope scope, String type) {
    String latest =
        type.equals("payment")
            ? "SELECT id, event_type, origin, status, received_at FROM webhook_events"
                + " WHERE origin <> 'effect'"
                + EventRows.seenBy(scope)
                + " ORDER BY id DESC LIMIT 10000"
            : "SELECT id, event_type, origin, status, received_at FROM webhook_events"
                + " WHERE event_type = :type AND event_type <> 'payment' AND origin <> 'effect'"
                + EventRows.seenBy(scope)
                + " ORDER BY id DESC LIMIT 1000";
    return handle
        .createQuery(
            "SELECT received_at FROM ("
                + latest
                + ") latest WHERE event_type = :type AND origin = 'webhook'"
                + " AND status <> 'quarantined' ORDER BY id DESC LIMIT 1")
        .bind("type", type)
        .mapTo(Instant.class)
        .findOne();
  }
}

package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * A word that is another one when what a scope sees has changed. It tells nothing of what the scope
 * does not see: for that it goes by the newest events of each status.
 */
final class EventVersion {
  /** What a page of a list shows, more or less; the version looks at as many. */
  private static final int NEWEST = 50;

  private EventVersion() {}

  static String of(Handle handle, Scope scope) {
    return scope.isEverything() ? ofEverything(handle) : ofAccounts(handle, scope);
  }

  private static String ofEverything(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT COALESCE((SELECT MAX(id) FROM webhook_events), 0) AS events,
              (%s) AS attempts,
              COALESCE((SELECT MAX(id) FROM webhook_leases), 0) AS claims,
              (SELECT COUNT(*) FROM webhook_leases) AS leases
            """
                .formatted(Dialect.of(handle).latestAttempt()))
        .map(
            (row, context) ->
                "%d.%d.%d.%d"
                    .formatted(
                        row.getLong("events"),
                        row.getLong("attempts"),
                        row.getLong("claims"),
                        row.getLong("leases")))
        .one();
  }

  private static String ofAccounts(Handle handle, Scope scope) {
    var seen = new StringBuilder();
    for (long account : scope.accountIds().stream().sorted().toList()) {
      for (EventStatus status : StatusIndex.STORED) {
        for (String origin : StatusIndex.origins(handle, status)) {
          handle
              .createQuery(
                  """
                  SELECT id, updated_at FROM webhook_events
                  WHERE account_id = %d AND status = '%s'%s
                  ORDER BY account_id DESC, status DESC, id DESC LIMIT :newest
                  """
                      .formatted(account, status.code(), origin))
              .bind("newest", NEWEST)
              .map((row, context) -> row.getLong("id") + "@" + Timestamps.of(row, "updated_at"))
              .forEach(one -> seen.append(status.code()).append(one).append(' '));
        }
      }
    }
    handle
        .createQuery(
            "SELECT id FROM webhook_events WHERE id = ANY(:held)"
                + EventRows.seenBy(scope)
                + " ORDER BY id")
        .bindArray("held", Long.class, HeldLeases.read(handle).ids())
        .mapTo(Long.class)
        .forEach(id -> seen.append(id).append(' '));
    return UUID.nameUUIDFromBytes(seen.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }
}

package dev.acuse.inbox;

import dev.acuse.database.AccountCondition;
import dev.acuse.event.EventStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Counts the events of each account that are in one status, for the length of one handle. Accounts
 * without any cost no statement of their own.
 */
final class AccountCounts {
  private final Handle handle;
  private final EventStatus status;

  /** With which the index of the status begins. */
  private final String origin;

  /**
   * @param status that has ended
   */
  AccountCounts(Handle handle, EventStatus status) {
    this.handle = handle;
    this.status = status;
    this.origin = StatusIndex.origins(handle, status).get(0);
  }

  /** How many, but no more than {@code cap} of each; accounts without any are left out. */
  Map<Long, Long> upTo(int cap, Collection<Long> accounts) {
    Map<Long, Long> counts = new TreeMap<>();
    for (long account : withAny(accounts)) {
      counts.put(account, upTo(cap, account));
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private List<Long> withAny(Collection<Long> accounts) {
    return handle
        .createQuery(
            """
            SELECT a.account FROM %s WHERE EXISTS (SELECT 1 FROM webhook_events
              WHERE account_id = a.account AND status = '%s'%s)
            """
                .formatted(AccountCondition.EACH, status.code(), origin))
        .bindArray("accounts", Long.class, accounts)
        .mapTo(Long.class)
        .list();
  }

  private long upTo(int cap, long account) {
    return handle
        .createQuery(
            """
            SELECT COUNT(*) FROM (SELECT id FROM webhook_events
              WHERE account_id = %d AND status = '%s'%s LIMIT :cap) capped
            """
                .formatted(account, status.code(), origin))
        .bind("cap", cap)
        .mapTo(Long.class)
        .one();
  }
}

package dev.acuse.inbox;

import dev.acuse.event.NewEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;

/** What no two events have in common: a delivery is one event within its account. */
public record EventKey(long accountId, String webhookId) implements Comparable<EventKey> {
  /** The keys that {@link #bind} binds, as rows: {@code given.account_id, given.webhook_id}. */
  public static final String GIVEN =
      """
      UNNEST(CAST(:keyAccounts AS BIGINT ARRAY), CAST(:keys AS VARCHAR ARRAY))
        AS given (account_id, webhook_id)
      """;

  private static final Comparator<EventKey> ORDER =
      Comparator.comparing(EventKey::webhookId).thenComparing(EventKey::accountId);

  /** The key of an event that is to be stored. */
  public static EventKey of(NewEvent event) {
    return new EventKey(event.place().accountId(), event.webhookId());
  }

  /** The key in a row of events. */
  public static EventKey of(ResultSet row) throws SQLException {
    return new EventKey(row.getLong("account_id"), row.getString("webhook_id"));
  }

  /** Binds the keys of {@link #GIVEN}. */
  public static <T extends SqlStatement<T>> T bind(T statement, Collection<EventKey> keys) {
    List<EventKey> all = List.copyOf(keys);
    return statement
        .bindArray("keyAccounts", Long.class, all.stream().map(EventKey::accountId).toList())
        .bindArray("keys", String.class, all.stream().map(EventKey::webhookId).toList());
  }

  /** By the webhook's key first, in which order rows are locked. */
  @Override
  public int compareTo(EventKey other) {
    return ORDER.compare(this, other);
  }
}

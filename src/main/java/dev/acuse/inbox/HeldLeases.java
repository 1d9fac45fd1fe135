package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * The leases of all instances at one moment. A claim leaves the rows of its events as they are and
 * says in one of its own whose they are: so {@code processing} stands in no row, but is what a
 * pending event is that somebody holds. To be read before the events are: what ends meanwhile has
 * another claim number by then, and is not taken for leased.
 */
final class HeldLeases {
  /** An event's status as SQL, where {@code :held} are {@link #ids()}. */
  static final String STATUS =
      "CASE WHEN status = 'pending' AND id = ANY(:held) THEN 'processing' ELSE status END";

  /** What a lease's row says about one of its events. */
  private record Held(String owner, Instant claimedAt, Instant expiresAt, long claimNo) {}

  private final Handle handle;
  private final Map<Long, Held> byEvent = new HashMap<>();

  private HeldLeases(Handle handle) {
    this.handle = handle;
  }

  /** Reads them. */
  static HeldLeases read(Handle handle) {
    var leases = new HeldLeases(handle);
    handle
        .createQuery(
            "SELECT owner, claimed_at, expires_at, event_ids, claim_nos FROM webhook_leases")
        .map((row, context) -> leases.add(row))
        .list();
    return leases;
  }

  private int add(ResultSet row) throws SQLException {
    List<Long> ids = longs(row, "event_ids");
    List<Long> claimNos = longs(row, "claim_nos");
    for (int i = 0; i < ids.size(); i++) {
      var held =
          new Held(
              row.getString("owner"),
              Timestamps.of(row, "claimed_at"),
              Timestamps.of(row, "expires_at"),
              claimNos.get(i));
      // An event that was claimed again may still be in the lease of its former claim.
      byEvent.merge(ids.get(i), held, (one, other) -> one.claimNo > other.claimNo ? one : other);
    }
    return ids.size();
  }

  /** A column of numbers. */
  static List<Long> longs(ResultSet row, String column) throws SQLException {
    List<Long> longs = new ArrayList<>();
    for (Object one : (Object[]) row.getArray(column).getArray()) {
      longs.add((Long) one);
    }
    return longs;
  }

  /** The event as it is: {@code processing} if it is leased. */
  WebhookEvent seen(WebhookEvent event) {
    Held held = byEvent.get(event.id());
    return held != null
            && event.status() == EventStatus.PENDING
            && held.claimNo == event.claimNo() + 1
        ? event.claimed(held.owner, held.claimedAt, held.expiresAt)
        : event;
  }

  /** Ids of the events that are leased; what ended meanwhile is none of them. */
  List<Long> ids() {
    if (byEvent.isEmpty()) {
      return List.of();
    }
    return handle
        .createQuery(
            "SELECT id, claim_no FROM webhook_events WHERE id = ANY(:ids) AND status = 'pending'")
        .bindArray("ids", Long.class, byEvent.keySet())
        .map((row, context) -> holds(row) ? row.getLong("id") : 0L)
        .stream()
        .filter(id -> id != 0)
        .toList();
  }

  private boolean holds(ResultSet row) throws SQLException {
    Held held = byEvent.get(row.getLong("id"));
    return held != null && held.claimNo == row.getLong("claim_no") + 1;
  }
}

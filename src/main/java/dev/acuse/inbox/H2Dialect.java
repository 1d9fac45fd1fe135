package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.WebhookEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** H2: one process, and in it one claimer: so what a claim looks at stays as it is meanwhile. */
final class H2Dialect implements Dialect {
  static final Dialect INSTANCE = new H2Dialect();

  private H2Dialect() {}

  @Override
  public Claimed claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    return handle.inTransaction(transaction -> take(transaction, request, now, until));
  }

  private static Claimed take(Handle handle, ClaimRequest request, Instant now, Instant until) {
    // Until its end nobody else claims, and no operator changes what he takes for unclaimed.
    long turn =
        handle.createQuery("SELECT turn FROM claim_turn FOR UPDATE").mapTo(Long.class).one() + 1;
    List<Long> held = HeldLeases.read(handle).ids();
    String select = "SELECT " + EventRows.COLUMNS + " " + Dialect.from(request, "id <> ALL(:held)");
    List<WebhookEvent> events =
        EventRows.bindClaim(handle.createQuery(select), request, now)
            .bindArray("held", Long.class, held)
            .map(EventRows.MAPPER)
            .stream()
            .map(event -> event.claimed(request.owner(), now, until))
            .sorted(Comparator.comparing(WebhookEvent::id))
            .toList();
    if (events.isEmpty()) {
      return Claimed.NOTHING;
    }
    handle.execute("UPDATE claim_turn SET turn = ?", turn);
    handle
        .createUpdate(
            """
            INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
            VALUES (:id, :owner, :now, :until, :eventIds, :claimNos)
            """)
        .bind("id", turn)
        .bind("owner", request.owner())
        .bind("now", now)
        .bind("until", until)
        .bindArray("eventIds", Long.class, events.stream().map(WebhookEvent::id).toList())
        .bindArray("claimNos", Long.class, events.stream().map(WebhookEvent::claimNo).toList())
        .execute();
    return new Claimed(turn, events);
  }

  @Override
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, int maxAttempts) {
    return handle.inTransaction(
        transaction -> new H2Batches(transaction).insert(arrivals, maxAttempts));
  }

  @Override
  public List<Boolean> end(
      Handle handle, AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now) {
    return new H2Batches(handle).end(kind, endings, now);
  }

  @Override
  public List<ExpiredLease> lockExpired(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT id, owner, claimed_at, event_ids, claim_nos FROM webhook_leases
            WHERE expires_at < :now ORDER BY id LIMIT :limit FOR UPDATE
            """)
        .bind("now", now)
        .bind("limit", limit)
        .map(ExpiredLease.MAPPER)
        .list();
  }

  @Override
  public String latestAttempt() {
    return "SELECT COALESCE(MAX(id), 0) FROM webhook_attempts";
  }

  @Override
  public void sync(Handle handle) {
    // With WRITE_DELAY=0 a commit survives the death of the process; only this one survives a
    // power cut as well.
    handle.execute("CHECKPOINT SYNC");
  }
}

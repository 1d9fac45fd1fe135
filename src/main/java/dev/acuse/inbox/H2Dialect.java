package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import dev.acuse.event.Arrival;
import dev.acuse.event.Lane;
import dev.acuse.event.WebhookEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** H2: one process, and in it one claimer: so what a claim looks at stays as it is meanwhile. */
final class H2Dialect implements Dialect {
  private static final String SELECT = "SELECT " + EventRows.COLUMNS + " ";
  private static final String NOT_HELD = "id <> ALL(:held)";

  static final String NEXT_LANE =
      """
      SELECT lane, next_retry_at FROM webhook_events
      WHERE status = 'pending' AND lane >= ? ORDER BY status, lane, next_retry_at, id LIMIT 1
      """;

  /** What comes after a lane and before any longer one: no code holds this character. */
  private static final String AFTER = "\u0001";

  static final Dialect INSTANCE = new H2Dialect();

  private H2Dialect() {}

  @Override
  public String fromAlone() {
    return "FROM webhook_events USE INDEX (webhook_events_alone_idx)";
  }

  @Override
  public Claimed claim(Handle handle, ClaimRequest request, Instant now, Instant until) {
    return handle.inTransaction(transaction -> take(transaction, request, now, until));
  }

  private static Claimed take(Handle handle, ClaimRequest request, Instant now, Instant until) {
    // Until its end nobody else claims, and no operator changes what he takes for unclaimed.
    long turn =
        handle.createQuery("SELECT turn FROM claim_turn FOR UPDATE").mapTo(Long.class).one() + 1;
    List<Long> held = HeldLeases.read(handle).ids();
    List<WebhookEvent> events =
        (request.kind() == ClaimRequest.Kind.ALONE
                ? alone(handle, request, held, now)
                : ofLanes(handle, request, held, now))
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

  private static List<WebhookEvent> alone(
      Handle handle, ClaimRequest request, List<Long> held, Instant now) {
    String select = SELECT + INSTANCE.fromAlone() + Dialect.FIRST_ALONE.formatted(NOT_HELD);
    return EventRows.bindClaim(handle.createQuery(select), request, now)
        .bindArray("held", Long.class, held)
        .map(EventRows.MAPPER)
        .list();
  }

  /** One statement a lane, because H2 has no LATERAL. */
  private static List<WebhookEvent> ofLanes(
      Handle handle, ClaimRequest request, List<Long> held, Instant now) {
    String select = SELECT + Dialect.fromLane(request, ":lane", ":limit", NOT_HELD);
    List<WebhookEvent> events = new ArrayList<>();
    for (LaneShare share : request.shares()) {
      events.addAll(
          EventRows.bindClaim(handle.createQuery(select), request, now)
              .bind("lane", share.lane().code())
              .bind("limit", share.limit())
              .bindArray("held", Long.class, held)
              .map(EventRows.MAPPER)
              .list());
    }
    return events;
  }

  /**
   * A walk along the index: each step lands on the first entry of the next lane. A bare {@code >},
   * {@code MIN} or {@code DISTINCT} would read all entries of a lane.
   */
  @Override
  public List<PendingLane> pendingLanes(Handle handle, Instant now) {
    List<PendingLane> lanes = new ArrayList<>();
    try (PreparedStatement next = handle.getConnection().prepareStatement(NEXT_LANE)) {
      String from = "";
      while (true) {
        next.setString(1, from);
        try (ResultSet row = next.executeQuery()) {
          if (!row.next()) {
            return lanes;
          }
          String code = row.getString("lane");
          lanes.add(PendingLane.of(new Lane(code), Timestamps.of(row, "next_retry_at"), now));
          from = code + AFTER;
        }
      }
    } catch (SQLException e) {
      throw new UnableToExecuteStatementException("the lanes cannot be listed", e, null);
    }
  }

  @Override
  public Map<Lane, Instant> oldestDue(Handle handle, Instant now) {
    List<Long> held = HeldLeases.read(handle).ids();
    Map<Lane, Instant> oldest = new LinkedHashMap<>();
    for (PendingLane pending : pendingLanes(handle, now)) {
      if (pending.isDue()) {
        handle
            .createQuery(
                """
                SELECT next_retry_at FROM webhook_events
                WHERE status = 'pending' AND lane = :lane AND next_retry_at <= :now
                  AND id <> ALL(:held)
                ORDER BY status, lane, next_retry_at, id LIMIT 1
                """)
            .bind("lane", pending.lane().code())
            .bind("now", now)
            .bindArray("held", Long.class, held)
            .mapTo(Instant.class)
            .findOne()
            .ifPresent(due -> oldest.put(pending.lane(), due));
      }
    }
    return oldest;
  }

  @Override
  public List<Boolean> insert(Handle handle, List<Arrival> arrivals, AttemptsAllowed allowed) {
    return handle.inTransaction(
        transaction -> new H2Batches(transaction).insert(arrivals, allowed));
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

  @Override
  public boolean indexesEffectsApart() {
    return false;
  }
}

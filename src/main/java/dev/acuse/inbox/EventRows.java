package dev.acuse.inbox;

import dev.acuse.database.AccountCondition;
import dev.acuse.database.Timestamps;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * How rows of {@code webhook_events} are read, in one place. They know nothing of leases: see
 * {@link HeldLeases}.
 */
final class EventRows {
  /**
   * All columns but the payload and the request's own text, which only a page of one event needs.
   */
  static final String COLUMNS =
      """
      id, webhook_id, source, event_type, action, resource_id, mp_payment_id, preference_id, \
      payment_id, account_id, lane, effect_id, status, attempts, outages, outage_since, max_attempts, next_retry_at, claim_no, \
      rescues, signature, deliveries, last_delivered_at, \
      origin, last_error, last_error_kind, received_at, updated_at, \
      finished_at, confirmed_at, retried_at""";

  /**
   * Written out, because each claim reads by it: JDBI's own mapper asks the record for its
   * annotations with every statement.
   */
  static final RowMapper<WebhookEvent> MAPPER = (row, context) -> map(row);

  private EventRows() {}

  /** What a statement that names its events otherwise has to say besides; empty for everything. */
  static String seenBy(Scope scope) {
    return scope.isEverything()
        ? ""
        : " AND " + AccountCondition.of("account_id", scope.accountIds());
  }

  private static WebhookEvent map(ResultSet row) throws SQLException {
    return new WebhookEvent(
        row.getLong("id"), subject(row), receipt(row), progress(row), claim(row));
  }

  private static WebhookEvent.Subject subject(ResultSet row) throws SQLException {
    return new WebhookEvent.Subject(
        row.getString("webhook_id"),
        row.getString("source"),
        row.getString("event_type"),
        row.getString("action"),
        row.getString("resource_id"),
        row.getString("mp_payment_id"),
        row.getString("preference_id"),
        row.getObject("payment_id", Long.class),
        new Place(
            row.getLong("account_id"),
            new Lane(row.getString("lane")),
            row.getObject("effect_id", Long.class)));
  }

  private static WebhookEvent.Receipt receipt(ResultSet row) throws SQLException {
    return new WebhookEvent.Receipt(
        EventOrigin.of(row.getString("origin")),
        SignatureState.of(row.getString("signature")),
        Timestamps.of(row, "received_at"),
        row.getInt("deliveries"),
        Timestamps.of(row, "last_delivered_at"),
        Timestamps.orNull(row, "confirmed_at"));
  }

  private static WebhookEvent.Progress progress(ResultSet row) throws SQLException {
    return new WebhookEvent.Progress(
        EventStatus.of(row.getString("status")),
        row.getInt("attempts"),
        row.getInt("max_attempts"),
        row.getInt("outages"),
        Timestamps.orNull(row, "outage_since"),
        Timestamps.orNull(row, "next_retry_at"),
        row.getString("last_error"),
        row.getString("last_error_kind"),
        Timestamps.of(row, "updated_at"),
        Timestamps.orNull(row, "finished_at"),
        Timestamps.orNull(row, "retried_at"));
  }

  /** No column holds the lease: the claim sets it. */
  private static WebhookEvent.Claim claim(ResultSet row) throws SQLException {
    return new WebhookEvent.Claim(row.getLong("claim_no"), row.getInt("rescues"), null, null, null);
  }

  /** Binds what the selects of a claim name, but for lanes and limits. */
  static <T extends SqlStatement<T>> T bindClaim(T statement, ClaimRequest request, Instant now) {
    T bound =
        statement.bind("now", now).bindArray("effectKinds", String.class, request.effectKinds());
    return request.kind() == ClaimRequest.Kind.ALONE
        ? bound.bindArray("heldLanes", String.class, request.heldLanes())
        : bound.bind("aloneFrom", ClaimRequest.RESCUES_BEFORE_ALONE);
  }
}

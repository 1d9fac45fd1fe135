package dev.acuse.inbox;

import dev.acuse.database.Timestamps;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
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
      payment_id, status, attempts, outages, outage_since, max_attempts, next_retry_at, claim_no, \
      rescues, waits_for, signature, deliveries, last_delivered_at, \
      origin, last_error, last_error_kind, received_at, updated_at, \
      finished_at, confirmed_at, retried_at""";

  /**
   * Written out, for each claim reads by it: JDBI's own mapper asks the record for its annotations
   * anew with every statement.
   */
  static final RowMapper<WebhookEvent> MAPPER = (row, context) -> map(row);

  private EventRows() {}

  private static WebhookEvent map(ResultSet row) throws SQLException {
    return new WebhookEvent(
        row.getLong("id"),
        row.getString("webhook_id"),
        row.getString("source"),
        row.getString("event_type"),
        row.getString("action"),
        row.getString("resource_id"),
        row.getString("mp_payment_id"),
        row.getString("preference_id"),
        row.getObject("payment_id", Long.class),
        EventStatus.of(row.getString("status")),
        row.getInt("attempts"),
        row.getInt("outages"),
        Timestamps.orNull(row, "outage_since"),
        row.getInt("max_attempts"),
        Timestamps.orNull(row, "next_retry_at"),
        row.getLong("claim_no"),
        null,
        row.getInt("rescues"),
        row.getString("waits_for"),
        null,
        null,
        SignatureState.valueOf(row.getString("signature").toUpperCase(Locale.ROOT)),
        row.getInt("deliveries"),
        Timestamps.of(row, "last_delivered_at"),
        EventOrigin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
        row.getString("last_error"),
        row.getString("last_error_kind"),
        Timestamps.of(row, "received_at"),
        Timestamps.of(row, "updated_at"),
        Timestamps.orNull(row, "finished_at"),
        Timestamps.orNull(row, "confirmed_at"),
        Timestamps.orNull(row, "retried_at"));
  }

  /** Binds what the selects of a claim name. */
  static <T extends SqlStatement<T>> T bindClaim(T statement, ClaimRequest request, Instant now) {
    T bound = statement.bind("limit", request.limit());
    if (request.alone()) {
      return bound.bind("now", now);
    }
    bound = bound.bind("aloneFrom", ClaimRequest.RESCUES_BEFORE_ALONE);
    String probeFor = request.probeFor();
    return probeFor == null
        ? bound.bind("now", now).bindArray("heldBack", String.class, request.heldBack())
        : bound.bind("probeFor", probeFor);
  }
}

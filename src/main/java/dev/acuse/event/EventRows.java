package dev.acuse.event;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.SqlStatement;

/** How rows of {@code webhook_events} are read, in one place. */
final class EventRows {
  /**
   * All columns but the payload and the request's own text, which only a page of one event needs.
   */
  static final String COLUMNS =
      """
      id, webhook_id, source, event_type, action, resource_id, mp_payment_id, preference_id, \
      payment_id, status, attempts, outages, outage_since, max_attempts, next_retry_at, claim_no, \
      claimed_at, rescues, waits_for, lease_owner, lease_expires_at, signature, deliveries, \
      last_delivered_at, origin, last_error, last_error_kind, received_at, updated_at, \
      finished_at, confirmed_at""";

  static final RowMapper<WebhookEvent> MAPPER = ConstructorMapper.of(WebhookEvent.class);

  private EventRows() {}

  /** {@link #COLUMNS}, each with the table's name before it. */
  static String qualified(String table) {
    return Arrays.stream(COLUMNS.split(", "))
        .map(column -> table + "." + column)
        .collect(Collectors.joining(", "));
  }

  /** Binds what the selects of a claim name. */
  static <T extends SqlStatement<T>> T bindClaim(T statement, ClaimRequest request, Instant now) {
    T bound =
        statement
            .bind("limit", request.limit())
            .bind("aloneFrom", ClaimRequest.RESCUES_BEFORE_ALONE);
    String probeFor = request.probeFor();
    if (probeFor != null) {
      return bound.bind("probeFor", probeFor);
    }
    bound = bound.bind("now", now);
    return request.alone() ? bound : bound.bindArray("heldBack", String.class, request.heldBack());
  }
}

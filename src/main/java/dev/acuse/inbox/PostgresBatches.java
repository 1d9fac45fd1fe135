package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lease;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The statements that store events and end attempts, all rows in one, for the length of one handle:
 * for PostgreSQL, whose server plans and runs each statement for itself. Beside it stands {@link
 * H2Batches}.
 */
final class PostgresBatches {
  private static final String INSERT =
      """
      INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status,
        max_attempts, next_retry_at, raw_payload, payload_size, query_string, headers,
        signature, last_delivered_at, origin, last_error, received_at, updated_at,
        finished_at, intake_run, intake_no, account_id, lane, effect_id, seller_id,
        last_error_kind)
      SELECT webhook_id, source, event_type, action, resource_id, status,
        max_attempts, due_at, raw_payload, length(raw_payload), query_string, headers,
        signature, received_at, origin, reason, received_at, received_at,
        finished_at, intake_run, intake_no, account_id, lane, effect_id, seller_id, error_kind
      FROM unnest(:webhookIds, :sources, :eventTypes, :actions, :resourceIds, :statuses,
        CAST(:dueAts AS TIMESTAMP WITH TIME ZONE[]), :rawPayloads, :queryStrings, :headers,
        :signatures, CAST(:receivedAts AS TIMESTAMP WITH TIME ZONE[]), :origins, :reasons,
        CAST(:finishedAts AS TIMESTAMP WITH TIME ZONE[]), :intakeRuns, :intakeNos,
        :accountIds, :lanes, :effectIds, :sellerIds, :errorKinds, :maxAttempts)
        AS arrival (webhook_id, source, event_type, action, resource_id, status, due_at,
          raw_payload, query_string, headers, signature, received_at, origin, reason,
          finished_at, intake_run, intake_no, account_id, lane, effect_id, seller_id, error_kind,
          max_attempts)
      ON CONFLICT DO NOTHING
      RETURNING account_id, webhook_id
      """;

  private static final String FOR_GOOD =
      """
      status = '%s', attempts = attempts + 1, next_retry_at = NULL, finished_at = :now,
        outage_since = NULL,
        last_error = ending.error, last_error_kind = ending.error_kind,
      """;

  /** The event's own failure: the attempt counts. */
  private static final String RETRY =
      """
      attempts = attempts + 1, next_retry_at = ending.due_at, outage_since = NULL,
        last_error = ending.error, last_error_kind = ending.error_kind,
      """;

  /** The other side's outage: the attempt does not count. */
  private static final String WAIT =
      """
      next_retry_at = ending.due_at, outages = outages + 1,
        outage_since = COALESCE(outage_since, :now),
        last_error = ending.error, last_error_kind = ending.error_kind,
      """;

  /** Nobody's failure: the attempt does not count, and an outage that it waited for stays. */
  private static final String HAND_BACK = "next_retry_at = ending.due_at,\n";

  /**
   * The claim number says that the lease still holds: whoever takes it away raises that. By its key
   * alone the event is found: the planner, who takes what is pending for few, must not compare each
   * of them with each end.
   */
  private static final String END =
      """
      WITH ending AS (
        SELECT * FROM unnest(:ids, :claimNos, :mpPaymentIds, :preferenceIds, :paymentIds,
          CAST(:dueAts AS TIMESTAMP WITH TIME ZONE[]), :errors, :errorKinds,
          :numbers, :workers, CAST(:startedAts AS TIMESTAMP WITH TIME ZONE[]),
          CAST(:finishedAts AS TIMESTAMP WITH TIME ZONE[]), :outcomes, :httpStatuses, :steps,
          :reasons, :reasonArgs)
          AS one (id, claim_no, mp_payment_id, preference_id, payment_id, due_at,
            error, error_kind, number, worker, started_at, finished_at, outcome, http_status, steps,
            reason, reason_args)
      ), ended AS (
        UPDATE webhook_events SET %s
          mp_payment_id = COALESCE(ending.mp_payment_id, webhook_events.mp_payment_id),
          preference_id = COALESCE(ending.preference_id, webhook_events.preference_id),
          payment_id = COALESCE(ending.payment_id, webhook_events.payment_id),
          claim_no = ending.claim_no, updated_at = :now
        FROM ending
        WHERE webhook_events.id = ending.id AND webhook_events.claim_no = ending.claim_no - 1
          AND webhook_events.next_retry_at IS NOT NULL
        RETURNING webhook_events.id, webhook_events.claim_no
      ), history AS (
        INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
          error_kind, error, http_status, steps, reason, reason_args)
        SELECT id, number, worker, started_at, finished_at, outcome, error_kind, error,
          http_status, steps, reason, reason_args
        FROM ending JOIN ended USING (id, claim_no)
      )
      SELECT id, claim_no FROM ended
      """;

  private final Handle handle;

  PostgresBatches(Handle handle) {
    this.handle = handle;
  }

  /** See {@link Dialect#insert}. */
  List<Boolean> insert(List<Arrival> arrivals, AttemptsAllowed allowed) {
    var query = handle.createQuery(INSERT);
    new PostgresBatch<>(handle, query, arrivals)
        .texts("webhookIds", arrival -> arrival.event().webhookId())
        .texts("sources", arrival -> arrival.event().source())
        .texts("eventTypes", arrival -> arrival.event().eventType())
        .texts("actions", arrival -> arrival.event().action())
        .texts("resourceIds", arrival -> arrival.event().resourceId())
        .texts("statuses", arrival -> arrival.event().status().code())
        .times("dueAts", Arrival::dueAt)
        .bytes("rawPayloads", arrival -> arrival.event().rawPayload())
        .texts("queryStrings", arrival -> arrival.event().queryString())
        .texts("headers", arrival -> EventDao.json(arrival.event().headers()))
        .texts("signatures", arrival -> arrival.event().signature().code())
        .times("receivedAts", Arrival::receivedAt)
        .texts("origins", arrival -> arrival.event().origin().code())
        .texts("reasons", arrival -> EventDao.cut(arrival.event().reason()))
        .times("finishedAts", PostgresBatches::finishedAt)
        .texts("intakeRuns", PostgresBatches::run)
        .longs("intakeNos", PostgresBatches::number)
        .longs("accountIds", arrival -> arrival.event().place().accountId())
        .texts("lanes", arrival -> arrival.event().place().lane().code())
        .longs("effectIds", arrival -> arrival.event().place().effectId())
        .texts("sellerIds", arrival -> arrival.event().sellerId())
        .texts("errorKinds", arrival -> arrival.event().errorKind())
        .ints("maxAttempts", arrival -> allowed(allowed, arrival.event()));
    Set<EventKey> stored = new HashSet<>(query.map((row, context) -> EventKey.of(row)).list());
    List<Boolean> verdicts = new ArrayList<>();
    // Of several with one key the first is the one that was stored.
    arrivals.forEach(arrival -> verdicts.add(stored.remove(EventKey.of(arrival.event()))));
    return verdicts;
  }

  private static Integer allowed(AttemptsAllowed allowed, NewEvent event) {
    return allowed.of(event.origin(), event.eventType());
  }

  private static @Nullable Instant finishedAt(Arrival arrival) {
    return arrival.event().status() == EventStatus.IGNORED ? arrival.receivedAt() : null;
  }

  private static @Nullable String run(Arrival arrival) {
    Ticket ticket = arrival.ticket();
    return ticket == null ? null : ticket.run();
  }

  private static @Nullable Long number(Arrival arrival) {
    Ticket ticket = arrival.ticket();
    return ticket == null ? null : (Long) ticket.number();
  }

  /** See {@link Dialect#end}. */
  List<Boolean> end(AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now) {
    // Of two ends of one claim, as when what hangs is handed back and ends after all, the first.
    Map<Claim, AttemptEnd> firsts = new LinkedHashMap<>();
    endings.forEach(ending -> firsts.putIfAbsent(Claim.of(ending), ending));
    var query = handle.createQuery(END.formatted(set(kind))).bind("now", now);
    new PostgresBatch<>(handle, query, List.copyOf(firsts.values()))
        .longs("ids", ending -> ending.lease().eventId())
        .longs("claimNos", ending -> ending.lease().claimNo())
        .texts("mpPaymentIds", ending -> ending.mpPaymentId())
        .texts("preferenceIds", ending -> ending.preferenceId())
        .longs("paymentIds", ending -> ending.paymentId())
        .times("dueAts", ending -> ending.next().dueAt())
        .texts("errors", ending -> EventDao.cut(ending.attempt().error()))
        .texts("errorKinds", ending -> ending.attempt().errorKind())
        .longs("numbers", ending -> ending.attempt().number())
        .texts("workers", ending -> ending.attempt().worker())
        .times("startedAts", ending -> ending.attempt().startedAt())
        .times("finishedAts", ending -> ending.attempt().finishedAt())
        .texts("outcomes", ending -> ending.attempt().outcome().code())
        .ints("httpStatuses", ending -> ending.attempt().httpStatus())
        .texts("steps", ending -> EventDao.json(ending.attempt().steps()))
        .texts("reasons", ending -> Reasons.code(ending.attempt().reason()))
        .texts("reasonArgs", ending -> Reasons.args(ending.attempt().reason()));
    Set<AttemptEnd> ended = Collections.newSetFromMap(new IdentityHashMap<>());
    query
        .map((row, context) -> new Claim(row.getLong("id"), row.getLong("claim_no")))
        .forEach(claim -> ended.add(Objects.requireNonNull(firsts.get(claim))));
    List<Boolean> verdicts = new ArrayList<>();
    // The very same object may stand there twice.
    endings.forEach(ending -> verdicts.add(ended.remove(ending)));
    return verdicts;
  }

  private record Claim(long eventId, long claimNo) {
    static Claim of(AttemptEnd ending) {
      Lease lease = ending.lease();
      return new Claim(lease.eventId(), lease.claimNo());
    }
  }

  private static String set(AttemptEnd.Kind kind) {
    return switch (kind) {
      case SUCCEED, IGNORE, FAIL -> FOR_GOOD.formatted(kind.status().code());
      case RETRY -> RETRY;
      case WAIT -> WAIT;
      case HAND_BACK -> HAND_BACK;
    };
  }
}

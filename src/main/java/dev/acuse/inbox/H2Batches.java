package dev.acuse.inbox;

import dev.acuse.event.Arrival;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lease;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The statements that store events and end attempts, a row each, many at a time, for the length of
 * one handle: for H2, where a statement costs no way to a server. Beside it stands {@link
 * PostgresBatches}.
 */
public final class H2Batches {
  private static final String FOR_GOOD =
      """
      UPDATE webhook_events SET status = '%s', attempts = attempts + 1, next_retry_at = NULL,
        finished_at = :now, outage_since = NULL, last_error = :error, last_error_kind = :errorKind,
      """;

  /** The event's own failure: the attempt counts. */
  private static final String RETRY =
      """
      UPDATE webhook_events SET attempts = attempts + 1, next_retry_at = :dueAt,
        outage_since = NULL, last_error = :error, last_error_kind = :errorKind,
      """;

  /** The other side's outage: the attempt does not count. */
  private static final String WAIT =
      """
      UPDATE webhook_events SET next_retry_at = :dueAt, outages = outages + 1,
        outage_since = COALESCE(outage_since, :now),
        last_error = :error, last_error_kind = :errorKind,
      """;

  /** Nobody's failure: the attempt does not count, and an outage that it waited for stays. */
  private static final String HAND_BACK =
      """
      UPDATE webhook_events SET next_retry_at = :dueAt,
      """;

  private static final String LINKS_AND_CLAIM =
      """
      mp_payment_id = COALESCE(CAST(:mpPaymentId AS VARCHAR), mp_payment_id),
        preference_id = COALESCE(CAST(:preferenceId AS VARCHAR), preference_id),
        payment_id = COALESCE(CAST(:paymentId AS BIGINT), payment_id),
        claim_no = :claimNo, updated_at = :now
      WHERE id = :id AND status = 'pending' AND claim_no = :claimNo - 1
      """;

  private final Handle handle;

  /** Works by this handle, in its transaction. */
  public H2Batches(Handle handle) {
    this.handle = handle;
  }

  /** See {@link Dialect#insert}. */
  public List<Boolean> insert(List<Arrival> arrivals, AttemptsAllowed allowed) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status,
              max_attempts, next_retry_at, raw_payload, payload_size, query_string, headers,
              signature, last_delivered_at, origin, last_error, received_at, updated_at,
              finished_at, intake_run, intake_no, account_id, lane, effect_id, seller_id,
              last_error_kind)
            VALUES (:webhookId, :source, :eventType, :action, :resourceId, :status,
              :maxAttempts, :dueAt, :rawPayload, :payloadSize, :queryString, :headers,
              :signature, :receivedAt, :origin, :reason, :receivedAt, :receivedAt,
              :finishedAt, :intakeRun, :intakeNo, :accountId, :lane, :effectId, :sellerId,
              :errorKind)
            ON CONFLICT DO NOTHING
            """);
    for (Arrival arrival : arrivals) {
      bind(batch, arrival);
      NewEvent event = arrival.event();
      batch.bind("maxAttempts", allowed.of(event.origin(), event.eventType())).add();
    }
    return Arrays.stream(batch.execute()).mapToObj(rows -> rows == 1).toList();
  }

  private static void bind(PreparedBatch batch, Arrival arrival) {
    NewEvent event = arrival.event();
    Ticket ticket = arrival.ticket();
    batch
        .bind("intakeRun", ticket == null ? null : ticket.run())
        .bind("intakeNo", ticket == null ? null : (Long) ticket.number())
        .bind("accountId", event.place().accountId())
        .bind("lane", event.place().lane().code())
        .bind("effectId", event.place().effectId())
        .bind("sellerId", event.sellerId())
        .bind("errorKind", event.errorKind())
        .bind("webhookId", event.webhookId())
        .bind("source", event.source())
        .bind("eventType", event.eventType())
        .bind("action", event.action())
        .bind("resourceId", event.resourceId())
        .bind("status", event.status().code())
        .bind("dueAt", arrival.dueAt())
        .bind("rawPayload", event.rawPayload())
        .bind("payloadSize", event.rawPayload().length)
        .bind("queryString", event.queryString())
        .bind("headers", EventDao.json(event.headers()))
        .bind("signature", event.signature().code())
        .bind("origin", event.origin().code())
        .bind("reason", EventDao.cut(event.reason()))
        .bind("receivedAt", arrival.receivedAt())
        .bind("finishedAt", event.status() == EventStatus.IGNORED ? arrival.receivedAt() : null);
  }

  /** See {@link Dialect#end}. */
  List<Boolean> end(AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now) {
    List<Boolean> ended = update(kind, endings, now);
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < endings.size(); i++) {
      if (ended.get(i)) {
        attempts.add(endings.get(i).attempt());
      }
    }
    insertAttempts(attempts);
    return ended;
  }

  private List<Boolean> update(AttemptEnd.Kind kind, List<AttemptEnd> endings, Instant now) {
    PreparedBatch batch = handle.prepareBatch(set(kind) + LINKS_AND_CLAIM);
    for (AttemptEnd ending : endings) {
      bind(batch, ending);
      batch.bind("now", now).add();
    }
    return Arrays.stream(batch.execute()).mapToObj(rows -> rows == 1).toList();
  }

  private static String set(AttemptEnd.Kind kind) {
    return switch (kind) {
      case SUCCEED, IGNORE, FAIL -> FOR_GOOD.formatted(kind.status().code());
      case RETRY -> RETRY;
      case WAIT -> WAIT;
      case HAND_BACK -> HAND_BACK;
    };
  }

  private static void bind(PreparedBatch batch, AttemptEnd ending) {
    Lease lease = ending.lease();
    AttemptEnd.Next next = ending.next();
    batch
        .bind("id", lease.eventId())
        .bind("claimNo", lease.claimNo())
        .bind("mpPaymentId", ending.mpPaymentId())
        .bind("preferenceId", ending.preferenceId())
        .bind("paymentId", ending.paymentId());
    if (next.kind() != AttemptEnd.Kind.HAND_BACK) {
      batch
          .bind("error", EventDao.cut(ending.attempt().error()))
          .bind("errorKind", ending.attempt().errorKind());
    }
    if (next.dueAt() != null) {
      batch.bind("dueAt", next.dueAt());
    }
  }

  private void insertAttempts(List<Attempt> attempts) {
    if (attempts.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
              error_kind, error, http_status, steps, reason, reason_args)
            VALUES (:eventId, :number, :worker, :startedAt, :finishedAt, :outcome,
              :errorKind, :error, :httpStatus, :steps, :reason, :reasonArgs)
            """);
    for (Attempt attempt : attempts) {
      batch
          .bind("eventId", attempt.eventId())
          .bind("number", attempt.number())
          .bind("worker", attempt.worker())
          .bind("startedAt", attempt.startedAt())
          .bind("finishedAt", attempt.finishedAt())
          .bind("outcome", attempt.outcome().code())
          .bind("errorKind", attempt.errorKind())
          .bind("error", EventDao.cut(attempt.error()))
          .bind("httpStatus", attempt.httpStatus())
          .bind("steps", EventDao.json(attempt.steps()))
          .bind("reason", Reasons.code(attempt.reason()))
          .bind("reasonArgs", Reasons.args(attempt.reason()))
          .add();
    }
    batch.execute();
  }
}

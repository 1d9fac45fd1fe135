package dev.acuse.event;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The statements that end attempts, many at a time, for the length of one handle. Each changes
 * nothing where the lease was lost.
 */
final class EndingDao {
  private static final String FOR_GOOD =
      """
      UPDATE webhook_events SET status = '%s', finished_at = :now, waits_for = NULL,
        outage_since = NULL, last_error = :error, last_error_kind = :errorKind,
      """;

  /** The event's own failure: the attempt stays counted. */
  private static final String RETRY =
      """
      UPDATE webhook_events SET status = 'pending', next_retry_at = :dueAt, waits_for = NULL,
        outage_since = NULL, last_error = :error, last_error_kind = :errorKind,
      """;

  /** The other side's outage: the attempt is given back. */
  private static final String WAIT =
      """
      UPDATE webhook_events SET status = 'pending', next_retry_at = :dueAt, waits_for = :waitsFor,
        attempts = attempts - 1, outages = outages + 1,
        outage_since = COALESCE(outage_since, :now),
        last_error = :error, last_error_kind = :errorKind,
      """;

  /** Nobody's failure: the attempt is given back, and what the event waited for stays. */
  private static final String HAND_BACK =
      """
      UPDATE webhook_events SET status = 'pending', next_retry_at = :dueAt,
        attempts = attempts - 1,
      """;

  private static final String LINKS_AND_LEASE =
      """
      mp_payment_id = COALESCE(CAST(:mpPaymentId AS VARCHAR), mp_payment_id),
        preference_id = COALESCE(CAST(:preferenceId AS VARCHAR), preference_id),
        payment_id = COALESCE(CAST(:paymentId AS BIGINT), payment_id),
        lease_owner = NULL, lease_expires_at = NULL, updated_at = :now
      WHERE id = :id AND status = 'processing' AND lease_owner = :owner AND claim_no = :claimNo
      """;

  private final Handle handle;

  EndingDao(Handle handle) {
    this.handle = handle;
  }

  /** Answers for each, in order, whether it happened. All are of this kind. */
  List<Boolean> end(Ending.Kind kind, List<Ending> endings, Instant now) {
    PreparedBatch batch = handle.prepareBatch(set(kind) + LINKS_AND_LEASE);
    for (Ending ending : endings) {
      bind(batch, ending);
      batch.bind("now", now).add();
    }
    return Arrays.stream(batch.execute()).mapToObj(rows -> rows == 1).toList();
  }

  private static String set(Ending.Kind kind) {
    return switch (kind) {
      case SUCCEED -> FOR_GOOD.formatted(EventStatus.SUCCESS.code());
      case IGNORE -> FOR_GOOD.formatted(EventStatus.IGNORED.code());
      case FAIL -> FOR_GOOD.formatted(EventStatus.FAILED.code());
      case RETRY -> RETRY;
      case WAIT -> WAIT;
      case HAND_BACK -> HAND_BACK;
    };
  }

  private static void bind(PreparedBatch batch, Ending ending) {
    Completion completion = ending.completion();
    Lease lease = completion.lease();
    batch
        .bind("id", lease.eventId())
        .bind("owner", lease.owner())
        .bind("claimNo", lease.claimNo())
        .bind("mpPaymentId", completion.mpPaymentId())
        .bind("preferenceId", completion.preferenceId())
        .bind("paymentId", completion.paymentId());
    if (ending.kind() != Ending.Kind.HAND_BACK) {
      batch
          .bind("error", EventDao.cut(completion.attempt().error()))
          .bind("errorKind", completion.attempt().errorKind());
    }
    if (ending.dueAt() != null) {
      batch.bind("dueAt", ending.dueAt());
    }
    if (ending.kind() == Ending.Kind.WAIT) {
      batch.bind("waitsFor", ending.downstream());
    }
  }

  /** Writes attempts into the history. */
  void insertAttempts(List<Attempt> attempts) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
              error_kind, error, http_status, steps)
            VALUES (:eventId, :number, :worker, :startedAt, :finishedAt, :outcome,
              :errorKind, :error, :httpStatus, :steps)
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
          .add();
    }
    batch.execute();
  }
}

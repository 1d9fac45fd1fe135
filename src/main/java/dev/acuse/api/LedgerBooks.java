package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.event.Scope;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Restored;
import dev.acuse.mercadopago.reconciliation.Completeness;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each instance answered for and what is there; what MercadoPago has and what we have.
 *
 * @param unaccounted null if nobody could count yet
 * @param restored null if the inbox is no restored backup
 */
@JsonNaming(SnakeCaseStrategy.class)
record LedgerBooks(
    @Nullable Long unaccounted,
    @Nullable RestoredView restored,
    List<RunView> runs,
    List<DayView> days) {

  /** That the books lack what was acknowledged between two moments. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RestoredView(Instant takenAt, Instant restoredAt) {
    static @Nullable RestoredView of(@Nullable Restored restored) {
      return restored == null ? null : new RestoredView(restored.takenAt(), restored.restoredAt());
    }
  }

  /** The balance of a process run. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RunView(
      String run,
      String instance,
      Instant startedAt,
      Instant seenAt,
      @Nullable Instant closedAt,
      @Nullable String closed,
      long received,
      long unanswered,
      long stored,
      long spooled,
      long duplicates,
      long quarantined,
      long refused,
      Map<String, Long> rejected,
      long rows,
      long inSpool,
      long drainedDuplicates,
      long drainedRejects,
      long purged,
      long unpromised,
      long unaccounted) {

    static RunView of(IntakeBalance balance) {
      IntakeTally tally = balance.tally();
      return new RunView(
          balance.run(),
          balance.instance(),
          balance.startedAt(),
          balance.seenAt(),
          balance.closedAt(),
          balance.closed(),
          tally.received(),
          tally.unanswered(),
          tally.stored(),
          tally.spooled(),
          tally.duplicates(),
          tally.quarantined(),
          tally.refused(),
          tally.rejected(),
          balance.rows(),
          balance.inSpool(),
          balance.drainedDuplicates(),
          balance.drainedRejects(),
          balance.purged(),
          balance.unpromised(),
          balance.unaccounted());
    }
  }

  /** One day. */
  record DayView(String day, @Nullable Long remote, long ours, Map<String, Long> by) {
    static DayView of(Completeness.Day day) {
      return new DayView(day.day().toString(), day.remote(), day.ours(), day.by());
    }

    static DayView of(Scope scope, LocalDate date, Completeness completeness) {
      return of(completeness.of(scope, date));
    }
  }
}

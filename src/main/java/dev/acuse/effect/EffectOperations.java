package dev.acuse.effect;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import dev.acuse.inbox.RetryPlan;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to effects. It writes each deed to the audit. A retry has the present
 * generation worked off once more: what is wanted does not change by it. Thread-safe. Every method
 * throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class EffectOperations {
  private static final int BATCH = 500;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Effects effects;
  private final KnownAccounts known;
  private final EffectReader reader;
  private final AuditTrail audit;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin} installed
   * @param clock the database's time
   * @param effects stores what is to be worked off
   * @param known which accounts there are
   */
  public EffectOperations(Jdbi jdbi, InstantSource clock, Effects effects, KnownAccounts known) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.effects = effects;
    this.known = known;
    this.reader = new EffectReader(jdbi, known);
    this.audit = new AuditTrail(jdbi, clock);
  }

  /** How a retry went. */
  public enum Result {
    /** Its event is due. */
    ARMED,
    /** There is no such effect. */
    UNKNOWN,
    /** It waits already, is held, or nothing wants it any more. */
    NOT_RETRYABLE
  }

  /**
   * What a retry of one effect came to.
   *
   * @param state as it was before; null if there is no such effect
   * @param wanted as it is; null if there is no such effect
   */
  public record Retry(Result result, @Nullable EffectState state, @Nullable Wanted wanted) {}

  /**
   * Has an effect worked off once more that is done, failed or was given up, if it is still wanted.
   * A newer generation does not come of it.
   */
  public Retry retry(Scope scope, long effectId, OperatorRequest by) {
    return jdbi.inTransaction(
        handle -> {
          List<EffectRow> rows = new EffectDao(handle).lock(List.of(effectId));
          if (rows.isEmpty() || !scope.sees(rows.get(0).accountId())) {
            return new Retry(Result.UNKNOWN, null, null);
          }
          EffectRow row = rows.get(0);
          if (!row.mayBeArmed()) {
            return new Retry(Result.NOT_RETRYABLE, row.state(), row.wanted());
          }
          long eventId = effects.arm(handle, row, true);
          AuditTrail.insertDone(
              handle, row.accountId(), by, eventId, "effect " + row.id(), clock.instant());
          return new Retry(Result.ARMED, row.state(), row.wanted());
        });
  }

  /**
   * Plans to have every effect worked off once more that matches when the plan runs, but for those
   * that {@link #retry} refuses; each at most once, however soon it ends again.
   *
   * @param filter must name a state that {@linkplain EffectState#mayBeRetried may be retried}
   * @param target the filter in the words of the audit
   * @throws IllegalArgumentException if the filter names no such state
   */
  public RetryPlan planRetry(Scope scope, EffectFilter filter, String target, OperatorRequest by) {
    EffectState state = filter.state();
    if (state == null || !state.mayBeRetried()) {
      throw new IllegalArgumentException("only effects that have ended are retried by filter");
    }
    long matched = reader.count(scope, filter);
    return new RetryPlan(
        audit,
        audit.begin(AuditTrail.accountOf(account(scope, filter), known.ids()), by, target, matched),
        matched,
        progress -> retryAll(scope, filter, state, progress));
  }

  private static Scope account(Scope scope, EffectFilter filter) {
    Long account = filter.accountId();
    return account == null ? scope : scope.and(Scope.of(account));
  }

  private long retryAll(
      Scope scope, EffectFilter filter, EffectState state, LongConsumer progress) {
    long last = reader.lastId(scope, filter);
    long retried = 0;
    long after = 0;
    while (true) {
      List<Long> ids = reader.ids(scope, filter, after, last, BATCH);
      if (ids.isEmpty()) {
        return retried;
      }
      retried += jdbi.inTransaction(handle -> retry(handle, scope, ids, state));
      after = ids.get(ids.size() - 1);
      progress.accept(retried);
    }
  }

  private int retry(Handle handle, Scope scope, List<Long> ids, EffectState state) {
    int armed = 0;
    for (EffectRow row : new EffectDao(handle).lock(ids)) {
      // It may have left that state since its id was read.
      if (row.state() == state && row.mayBeArmed() && scope.sees(row.accountId())) {
        effects.arm(handle, row, true);
        armed++;
      }
    }
    return armed;
  }
}

package dev.acuse.inbox;

import dev.acuse.audit.AuditTrail;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * A retry of many events or effects that is written down in the audit and not carried out yet,
 * because a page links to it while it runs.
 */
public final class RetryPlan {
  private final AuditTrail audit;
  private final long action;
  private final long matched;
  private final ToLongFunction<LongConsumer> retry;

  /**
   * @param action its id in the audit
   * @param matched how many it means
   * @param retry carries it out, tells after each batch how many are due by then, and answers that
   *     at last
   */
  public RetryPlan(
      AuditTrail audit, long action, long matched, ToLongFunction<LongConsumer> retry) {
    this.audit = audit;
    this.action = action;
    this.matched = matched;
    this.retry = retry;
  }

  /** Its id in the audit. */
  public long action() {
    return action;
  }

  /** How many it means. */
  public long matched() {
    return matched;
  }

  /**
   * Carries it out; the audit says after each batch how far it is, and at last that it is finished.
   * If it throws, what was retried stays so, and the audit shows no end.
   *
   * @return how many are due now
   * @throws IllegalArgumentException if its filter names no status that may be retried
   */
  public long run() {
    long changed = retry.applyAsLong(soFar -> audit.progress(action, soFar));
    audit.finish(action, changed);
    return changed;
  }
}

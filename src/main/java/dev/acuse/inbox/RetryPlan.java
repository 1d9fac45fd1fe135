package dev.acuse.inbox;

import dev.acuse.audit.AuditTrail;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;

/**
 * A retry of many events that is written down in the audit and not carried out yet, because a page
 * links to it while it runs.
 */
public final class RetryPlan {
  private final AuditTrail audit;
  private final DueSignal due;
  private final long action;
  private final long matched;
  private final ToLongFunction<LongConsumer> retry;

  RetryPlan(
      AuditTrail audit,
      DueSignal due,
      long action,
      long matched,
      ToLongFunction<LongConsumer> retry) {
    this.audit = audit;
    this.due = due;
    this.action = action;
    this.matched = matched;
    this.retry = retry;
  }

  /** Its id in the audit. */
  public long action() {
    return action;
  }

  /** How many events it means. */
  public long matched() {
    return matched;
  }

  /**
   * Carries it out; the audit says after each batch how far it is, and at last that it is finished.
   * If it throws, what was retried stays so, and the audit shows no end.
   *
   * @return how many events are due now
   * @throws IllegalArgumentException if its filter names no status that may be retried
   */
  public long run() {
    long changed = retry.applyAsLong(this::progress);
    audit.finish(action, changed);
    return changed;
  }

  private void progress(long changed) {
    audit.progress(action, changed);
    due.due();
  }
}

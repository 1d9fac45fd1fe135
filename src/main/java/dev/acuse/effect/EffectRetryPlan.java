package dev.acuse.effect;

import dev.acuse.audit.AuditTrail;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * A retry of many effects that is written down in the audit and not carried out yet, because a page
 * links to it while it runs.
 */
public final class EffectRetryPlan {
  private final AuditTrail audit;
  private final long action;
  private final List<Long> ids;
  private final ToIntFunction<List<Long>> retry;
  private final int batch;

  EffectRetryPlan(
      AuditTrail audit, long action, List<Long> ids, ToIntFunction<List<Long>> retry, int batch) {
    this.audit = audit;
    this.action = action;
    this.ids = List.copyOf(ids);
    this.retry = retry;
    this.batch = batch;
  }

  /** Its id in the audit. */
  public long action() {
    return action;
  }

  /** How many effects it means. */
  public long matched() {
    return ids.size();
  }

  /**
   * Carries it out, in batches of one transaction each; the audit says after each how far it is. If
   * it throws, what was retried stays so, and the audit shows no end.
   *
   * @return how many effects are due now
   */
  public long run() {
    long changed = 0;
    for (int from = 0; from < ids.size(); from += batch) {
      changed += retry.applyAsInt(ids.subList(from, Math.min(from + batch, ids.size())));
      audit.progress(action, changed);
    }
    audit.finish(action, changed);
    return changed;
  }
}

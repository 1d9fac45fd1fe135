package dev.acuse.remote;

/**
 * Says what a refusal is about. A system's rules are the one place that sorts its refusals, by the
 * body where the status does not tell. Thread-safe.
 */
@FunctionalInterface
public interface RefusalRules {
  /** The rules of a system that says everything by its status. */
  RefusalRules BY_STATUS = refusal -> refusal.status() == 401 ? About.US : About.THIS_ONE;

  /** What a refusal is about. */
  enum About {
    /** Our token, our application, our set-up: whatever we ask is refused until that is mended. */
    US,
    /** What was asked for or sent: other requests may well succeed. */
    THIS_ONE,
    /** What stands before the system, or nothing that is understood. */
    NEITHER
  }

  /**
   * What this answer is about.
   *
   * @param refusal a 4xx; but for 408, 423, 424 and 429, which are outages, and for 407, which a
   *     proxy answers
   */
  About of(RemoteAnswer refusal);
}

package dev.acuse.remote;

import java.util.HashSet;
import java.util.Set;

/**
 * Notices that one thing after the other is refused and none is answered in between. Each refusal
 * names what it is about; so many in a row say something about us, as when the token is of another
 * account. Thread-safe.
 */
public final class RefusalStreak {
  private final int limit;
  private final String hint;
  private final Set<String> refused = new HashSet<>();

  /**
   * @param limit so many different things in a row are about us
   * @param hint for operators: what may be wrong
   */
  public RefusalStreak(int limit, String hint) {
    this.limit = limit;
    this.hint = hint;
  }

  /** Something was answered. */
  public synchronized void answered() {
    refused.clear();
  }

  /**
   * This was refused.
   *
   * @param what it was; a repetition is not another one
   * @return the refusal itself, or that we are refused
   */
  public synchronized RemoteException refused(String what, RemoteException.Rejected refusal) {
    if (refused.size() < limit) {
      refused.add(what);
    }
    return refused.size() < limit
        ? refusal
        : new RemoteException.Unauthorized(
            "%s; %d were refused in a row, and none was answered in between: %s"
                .formatted(refusal.getMessage(), limit, hint),
            refusal.status());
  }
}

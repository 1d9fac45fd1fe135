package dev.acuse.event;

import java.util.List;
import java.util.Set;

/**
 * Which accounts there are, as far as a reader needs it: rows are found by indexes that begin with
 * the account, so that a reader of everything reads one account after the other. Thread-safe.
 */
public interface KnownAccounts {
  /** What is verified and no account's is kept under this number. */
  long NO_ACCOUNT = 0;

  /**
   * The ids of all accounts, whatever their state, and {@link #NO_ACCOUNT} where events may be kept
   * under it. Without I/O.
   */
  Set<Long> ids();

  /** The lanes in which an account's events are worked off; another account may share one. */
  List<Lane> lanesOf(long accountId);

  /** Whether there is no account but {@code main}. */
  default boolean isMainAlone() {
    return ids().size() == 1;
  }
}

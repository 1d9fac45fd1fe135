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

  /** {@code main} and no other, as it is until a second account is made. */
  KnownAccounts MAIN_ALONE =
      new KnownAccounts() {
        @Override
        public Set<Long> ids() {
          return Set.of(Place.MAIN_ACCOUNT);
        }

        @Override
        public List<Lane> lanesOf(long accountId) {
          return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
        }
      };

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

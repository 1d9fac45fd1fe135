package dev.acuse.account;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Follows a change of an account within its transaction. Thread-safe. */
@FunctionalInterface
public interface AccountFollower {
  /**
   * An account was made or changed.
   *
   * @param handle in the transaction of the change
   * @param before as it was stored; null if it is new
   * @param after as it is stored now
   */
  void changed(Handle handle, @Nullable Account before, Account after);
}

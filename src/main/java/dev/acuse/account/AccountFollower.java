package dev.acuse.account;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each change of an account in the transaction of the change: what it writes is there
 * with the change or not at all, and what it throws undoes both.
 */
@FunctionalInterface
public interface AccountFollower {
  /** Does nothing. */
  AccountFollower NONE = (handle, before, after) -> {};

  /**
   * An account has changed. Both are as the environment has them.
   *
   * @param before null if it is new
   */
  void changed(Handle handle, @Nullable Account before, Account after);

  /**
   * The same of an application.
   *
   * @param before null if it is new
   */
  default void applicationChanged(Handle handle, @Nullable Application before, Application after) {}
}

package dev.acuse.account;

import java.util.function.Consumer;

/** The accounts as this instance knows them now. Thread-safe. */
public interface Accounts {

  /** Without I/O; the same object until something changes. */
  AccountSet current();

  /**
   * Whether the accounts are known at all: false at a start without the database and without the
   * file that holds what was read last. Then {@link #current} is {@code main} of the environment
   * alone, and what that cannot judge must wait.
   */
  boolean isKnown();

  /**
   * Reads them anew, unless the database has failed within the last second.
   *
   * @return what is known then, and whether that was read from the database since this was called
   */
  Reading fresh();

  /** Calls what depends on them after each change, and once at once. */
  void follow(Consumer<AccountSet> follower);

  /**
   * What a look has found.
   *
   * @param isFresh whether the database told it since it was asked for
   */
  record Reading(AccountSet accounts, boolean isFresh) {}

  /** Accounts that never change, as a command or a test has them. */
  static Accounts fixed(AccountSet accounts) {
    return new Accounts() {
      @Override
      public AccountSet current() {
        return accounts;
      }

      @Override
      public boolean isKnown() {
        return true;
      }

      @Override
      public Reading fresh() {
        return new Reading(accounts, true);
      }

      @Override
      public void follow(Consumer<AccountSet> follower) {
        follower.accept(accounts);
      }
    };
  }
}

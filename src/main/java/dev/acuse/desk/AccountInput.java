package dev.acuse.desk;

import dev.acuse.account.AccountChange;
import dev.acuse.account.Given;

/**
 * What a caller asks to be otherwise of an account, in the caller's words.
 *
 * @param change all that needs no look-up
 * @param application by its name
 * @param state {@code active} or {@code paused}
 */
public record AccountInput(AccountChange change, Given<String> application, Given<String> state) {
  /** Nothing. */
  public static final AccountInput NONE =
      new AccountInput(AccountChange.NONE, Given.not(), Given.not());

  /** Only what needs no look-up. */
  public static AccountInput of(AccountChange change) {
    return new AccountInput(change, Given.not(), Given.not());
  }
}

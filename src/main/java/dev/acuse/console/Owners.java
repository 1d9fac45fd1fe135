package dev.acuse.console;

import java.util.Map;

/**
 * Whose the rows of a page are.
 *
 * @param byRow the account's id by the row's
 */
public record Owners(VisitorAccounts accounts, Map<Long, Long> byRow) {
  /** Copies the map. */
  public Owners {
    byRow = Map.copyOf(byRow);
  }

  /** The name of the account whose a row is. */
  public String of(long id) {
    return accounts.of(byRow.get(id));
  }
}

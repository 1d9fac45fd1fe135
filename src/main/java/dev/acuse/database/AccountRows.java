package dev.acuse.database;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * How a list by ids finds the rows of some accounts, where no index has both. The rows of small
 * accounts are read by their account and sorted, or a list would go through all of a large one
 * beside them. Those of large ones are not, because the newest of all hold enough of theirs.
 */
public final class AccountRows {
  private static final int FEW = 1_000;

  private final String condition;
  private final boolean areFew;

  private AccountRows(String condition, boolean areFew) {
    this.condition = condition;
    this.areFew = areFew;
  }

  /**
   * Looks how many there are, as far as it matters.
   *
   * @param table whose rows have an {@code id} and an {@code account_id}, by which an index begins
   * @param accountIds none of them has no rows
   */
  public static AccountRows of(Handle handle, String table, Collection<Long> accountIds) {
    if (accountIds.isEmpty()) {
      return large(accountIds);
    }
    String own =
        accountIds.stream()
            .sorted()
            .map(String::valueOf)
            .collect(
                Collectors.joining(
                    ", ",
                    "SELECT k.id FROM UNNEST(CAST(ARRAY[",
                    "] AS BIGINT ARRAY)) AS a (account) JOIN "
                        + table
                        + " k ON k.account_id = a.account"));
    long rows =
        handle
            .createQuery("SELECT COUNT(*) FROM (" + own + " LIMIT :more) few")
            .bind("more", FEW + 1)
            .mapTo(Long.class)
            .one();
    return rows > FEW ? large(accountIds) : new AccountRows("id IN (" + own + ")", true);
  }

  /** Without a look. */
  public static AccountRows large(Collection<Long> accountIds) {
    // Not as an index has it, or H2 would read all of an account's and sort them.
    return new AccountRows(AccountCondition.of("account_id + 0", accountIds), false);
  }

  /** Holds for the rows of these accounts. */
  public String condition() {
    return condition;
  }

  /** Whether the condition finds its rows: then no other index is to be read in their place. */
  public boolean areFew() {
    return areFew;
  }
}

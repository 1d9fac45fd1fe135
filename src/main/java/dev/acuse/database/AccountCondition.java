package dev.acuse.database;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Whose rows a statement may read, as SQL. The numbers stand in the text: they are ours, and the
 * planner knows then how many rows each account has.
 */
public final class AccountCondition {
  /**
   * The accounts of {@code :accounts} as a table {@code a}, for a join that finds each by an index.
   */
  public static final String EACH = "UNNEST(CAST(:accounts AS BIGINT ARRAY)) AS a (account)";

  private AccountCondition() {}

  /**
   * A condition that holds for the rows of these accounts.
   *
   * @param column that names the account; an expression with it, where no index is to be read by it
   * @param ids none of them lets no row through
   */
  public static String of(String column, Collection<Long> ids) {
    return switch (ids.size()) {
      case 0 -> "1 = 0";
      case 1 -> column + " = " + ids.iterator().next();
      default ->
          ids.stream()
              .sorted()
              .map(String::valueOf)
              .collect(Collectors.joining(", ", column + " IN (", ")"));
    };
  }
}

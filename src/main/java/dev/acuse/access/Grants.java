package dev.acuse.access;

import dev.acuse.event.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.Query;

/** The accounts that keys or people are granted: pairs in a table of their own. */
final class Grants {
  private Grants() {}

  /**
   * Adds the accounts of a grant; one of everything has no pairs.
   *
   * @param insert a statement with the parameters {@code id} and {@code accountId}
   */
  static void add(Handle handle, String insert, long id, Scope scope) {
    if (scope.isEverything()) {
      return;
    }
    for (long accountId : scope.accountIds()) {
      handle.createUpdate(insert).bind("id", id).bind("accountId", accountId).execute();
    }
  }

  /**
   * Reads keys or people, in the order of the rows.
   *
   * @param query of the columns {@code id}, {@code all_accounts} and {@code account_id}; a row for
   *     each account, or one without an account
   * @param first reads what each row has besides; the rest is what its accounts make of it
   */
  static <T> List<T> read(Query query, Function<RowView, Function<Scope, T>> first) {
    Map<Long, Granted<T>> byId =
        query.reduceRows(
            new LinkedHashMap<>(),
            (found, row) -> {
              found
                  .computeIfAbsent(
                      row.getColumn("id", Long.class),
                      any ->
                          new Granted<>(
                              row.getColumn("all_accounts", Boolean.class),
                              first.apply(row),
                              new HashSet<>()))
                  .add(row);
              return found;
            });
    return byId.values().stream().map(Granted::whole).toList();
  }

  /** What the first row said, and the accounts as they come. */
  private record Granted<T>(boolean ofAll, Function<Scope, T> of, Set<Long> accountIds) {
    void add(RowView row) {
      Long accountId = row.getColumn("account_id", Long.class);
      if (accountId != null) {
        accountIds.add(accountId);
      }
    }

    T whole() {
      return of.apply(ofAll ? Scope.everything() : Scope.of(accountIds));
    }
  }
}

package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Scope;
import java.util.List;

/**
 * A scope as a condition of a statement: none where everything is seen, so that nothing is looked
 * at in vain.
 *
 * @param accounts bound as {@code accounts}; empty where everything is seen
 */
record Seen(boolean isEverything, List<Long> accounts) {
  Seen {
    accounts = List.copyOf(accounts);
  }

  static Seen by(Scope scope) {
    return scope.isEverything()
        ? new Seen(true, List.of())
        : new Seen(false, scope.accountIds().stream().sorted().toList());
  }

  /**
   * To follow another condition.
   *
   * @param column that names the account; written by a programmer
   */
  String and(String column) {
    return isEverything ? "" : "AND " + column + " = ANY(:accounts)";
  }

  /** The only condition; otherwise as {@link #and}. */
  String where(String column) {
    return isEverything ? "" : "WHERE " + column + " = ANY(:accounts)";
  }
}

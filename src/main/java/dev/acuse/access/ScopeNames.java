package dev.acuse.access;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whose accounts, in words: their names, or {@value #ALL} for all. */
final class ScopeNames {
  /** All accounts, those that are yet to be made as well. No account can have this name. */
  static final String ALL = "*";

  private static final int MOST = 1_000;
  private static final String EXPECTATION =
      "must be names of accounts, or only \"" + ALL + "\" for all of them";

  private final Accounts accounts;

  ScopeNames(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * The accounts of these names, whatever their state.
   *
   * @param by an account that it does not have is as unknown to it as one that is not there
   * @throws InvalidAccessException if a name is no account's
   */
  Scope scope(@Nullable List<String> names, Grantor by) {
    if (names == null || names.isEmpty() || names.size() > MOST) {
      throw new InvalidAccessException("accounts", EXPECTATION);
    }
    if (names.contains(ALL)) {
      if (names.size() > 1) {
        throw new InvalidAccessException("accounts", EXPECTATION);
      }
      return Scope.everything();
    }
    return Scope.of(names.stream().map(name -> id(name, by)).collect(Collectors.toSet()));
  }

  private long id(@Nullable String name, Grantor by) {
    return Optional.ofNullable(name)
        .flatMap(known -> byName(known))
        .map(Account::id)
        .filter(id -> by.scope().sees(id))
        .orElseThrow(
            () -> new InvalidAccessException("accounts", "names an account that is not there"));
  }

  /** One that was made a moment ago, by another instance, is there. */
  private Optional<Account> byName(String name) {
    Optional<Account> known = accounts.current().byName(name);
    return known.isPresent() ? known : accounts.fresh().accounts().byName(name);
  }

  /** The names, in their order; an account that this instance does not know yet is its id. */
  List<String> names(Scope scope) {
    if (scope.isEverything()) {
      return List.of(ALL);
    }
    AccountSet current = accounts.current();
    Set<String> names = new TreeSet<>();
    for (long id : scope.accountIds()) {
      names.add(current.byId(id).map(Account::name).orElse("#" + id));
    }
    return List.copyOf(names);
  }
}

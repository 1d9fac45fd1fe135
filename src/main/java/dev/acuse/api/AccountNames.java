package dev.acuse.api;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Scope;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Accounts by the names that callers know them by. Thread-safe. */
public final class AccountNames {
  /** Of the parameter and the field. */
  public static final String ACCOUNT = "account";

  private static final String NONE_SUCH =
      "must be the name of an account: there is no such account";

  private final Accounts accounts;

  /** Names these accounts as they are at each call. */
  public AccountNames(Accounts accounts) {
    this.accounts = accounts;
  }

  /**
   * An account's name; its number, if another instance has made it just now.
   *
   * @return null for what is no account's
   */
  public @Nullable String of(long id) {
    return id == KnownAccounts.NO_ACCOUNT
        ? null
        : accounts.current().byId(id).map(Account::name).orElseGet(() -> String.valueOf(id));
  }

  /** The same of what is always an account's. */
  public String ofOne(long id) {
    String name = of(id);
    return name == null ? String.valueOf(id) : name;
  }

  /** The names of the accounts that a scope sees, in the order of their ids. */
  public List<String> in(Scope scope) {
    return accounts.current().all().stream()
        .filter(account -> scope.sees(account.id()))
        .map(Account::name)
        .toList();
  }

  /** Whether a scope sees more than one account, so that it must be said whose something is. */
  public boolean areSeveral(Scope scope) {
    return in(scope).size() > 1;
  }

  /**
   * What a caller sees of the account that a list was narrowed to.
   *
   * @param account the parameter; without a value the list is not narrowed
   * @throws ProblemException if there is no such account, or the caller does not see it
   */
  public Scope narrowed(Scope scope, Parameter account) {
    String name = account.value();
    if (name == null) {
      return scope;
    }
    AccountSet now = accounts.current();
    Account named =
        now.byName(name)
            .filter(one -> scope.sees(one.id()))
            .orElseThrow(() -> account.invalid(NONE_SUCH));
    // Where there is no other account, everything is that one's.
    return scope.isEverything() && now.isMainAlone() ? scope : Scope.of(named.id());
  }

  /**
   * The account that a caller writes to.
   *
   * @param name as it was sent; null if none was: then the caller's only account, and {@code main}
   *     for a caller of everything
   * @param wrong the problem of the field or parameter that names it, by what it must be
   * @throws ProblemException if there is no such account, the caller does not see it, or the caller
   *     sees several and names none
   */
  public Account toWrite(
      Scope scope, @Nullable String name, Function<String, ProblemException> wrong) {
    AccountSet now = accounts.current();
    if (name != null) {
      return now.byName(name)
          .filter(one -> scope.sees(one.id()))
          .orElseThrow(() -> wrong.apply(NONE_SUCH));
    }
    if (scope.isEverything()) {
      return now.main();
    }
    List<Account> seen = now.all().stream().filter(one -> scope.sees(one.id())).toList();
    if (seen.size() != 1) {
      throw seen.isEmpty()
          ? ProblemException.of(ProblemCode.FORBIDDEN, "You have no account to write to.")
          : wrong.apply("is missing: say which of your accounts is meant");
    }
    return seen.get(0);
  }

  /**
   * Refuses what is about the whole installation to a caller of some accounts only.
   *
   * @throws ProblemException if the scope is not everything
   */
  public static void requireEverything(Scope scope) {
    if (!scope.isEverything()) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "This is about the whole installation: only a caller of all accounts may ask for it.");
    }
  }
}

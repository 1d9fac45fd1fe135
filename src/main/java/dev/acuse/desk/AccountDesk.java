package dev.acuse.desk;

import dev.acuse.access.Grantor;
import dev.acuse.account.Account;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountField;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.AccountStore;
import dev.acuse.account.Accounts;
import dev.acuse.account.Application;
import dev.acuse.account.ApplicationChange;
import dev.acuse.account.Given;
import dev.acuse.event.Scope;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Accounts and applications, by their names, for callers who may not see all of them. Applications
 * are for callers of all accounts alone, which their resources and tasks see to. Thread-safe. Every
 * method throws {@link ProblemException} if it is refused, and then nothing of it is done; and each
 * that changes something {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class AccountDesk {
  private final AccountStore store;
  private final Accounts accounts;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public AccountDesk(AccountStore store, Accounts accounts, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.clock = clock;
  }

  /**
   * The accounts that a caller sees, newest first.
   *
   * @param state null for all that aren't disconnected
   */
  public List<Account> list(Scope scope, @Nullable AccountState state) {
    List<Account> seen =
        new ArrayList<>(
            accounts.current().all().stream()
                .filter(account -> scope.sees(account.id()))
                .filter(account -> state == null ? account.isConnected() : account.state() == state)
                .toList());
    Collections.reverse(seen);
    return seen;
  }

  /** An account of this name that the caller sees, whatever its state. */
  public Account find(String name, Scope scope) {
    return known(set -> set.byName(name))
        .filter(account -> scope.sees(account.id()))
        .orElseThrow(Refusals::noAccount);
  }

  /** One that was made a moment ago, by another instance, is there. */
  private <T> Optional<T> known(Function<AccountSet, Optional<T>> look) {
    Optional<T> known = look.apply(accounts.current());
    return known.isPresent() ? known : look.apply(accounts.fresh().accounts());
  }

  /**
   * Makes an account, which is active at once.
   *
   * @param name null if the caller gave none
   * @param by a caller of all accounts
   */
  public Account add(@Nullable String name, AccountInput input, Grantor by) {
    if (name == null) {
      throw Refusals.invalid("name", "it is missing");
    }
    if (input.state().isGiven()) {
      throw Refusals.invalid("state", "a new account is active");
    }
    AccountChange values = resolved(input);
    return Refusals.naming(() -> store.add(name, values, new Audited(by, clock)));
  }

  /**
   * Changes what is given, all of it or nothing.
   *
   * @param by which application, seller and location is whose says a caller of all accounts alone:
   *     with another's seller an account would get its webhooks, and with another's location stand
   *     in its lane, whose breaker opens by either's token
   */
  public Account change(String name, AccountInput input, Grantor by) {
    Account account = find(name, by.scope());
    if (!by.scope().isEverything()) {
      refuse(input.application(), "application");
      refuse(input.change().sellerId(), AccountField.SELLER.code());
      refuse(input.change().locationId(), AccountField.LOCATION.code());
      if (account.sellerId() == null) {
        // It would become that which the token names, and nothing has proven that token.
        refuse(input.change().accessToken(), AccountField.ACCESS_TOKEN.code());
      }
    }
    AccountState state = state(input.state());
    AccountChange change = resolved(input);
    return Refusals.naming(() -> store.change(account.id(), change, state, new Audited(by, clock)));
  }

  private static void refuse(Given<?> given, String field) {
    if (given.isGiven()) {
      throw ProblemException.of(
          ProblemCode.FORBIDDEN,
          "The field '" + field + "' may be set by an admin of all accounts alone.");
    }
  }

  private static @Nullable AccountState state(Given<String> given) {
    if (!given.isGiven()) {
      return null;
    }
    for (AccountState state : List.of(AccountState.ACTIVE, AccountState.PAUSED)) {
      if (state.code().equals(given.value())) {
        return state;
      }
    }
    throw Refusals.invalid(
        "state", "it must be active or paused; an account is disconnected by removing it");
  }

  private AccountChange resolved(AccountInput input) {
    if (!input.application().isGiven()) {
      return input.change();
    }
    String name = input.application().value();
    return input
        .change()
        .withApplicationId(
            Optional.ofNullable(name)
                .flatMap(one -> known(set -> set.applicationByName(one)))
                .map(Application::id)
                .orElseThrow(
                    () -> Refusals.invalid("application", "there is no such application")));
  }

  /** Disconnects an account for good, and hides it. A second time is no change. */
  public Account remove(String name, Grantor by) {
    Account account = find(name, by.scope());
    return Refusals.naming(() -> store.disconnect(account.id(), new Audited(by, clock)));
  }

  /** The application of an account. */
  public Application applicationOf(Account account) {
    return known(set -> set.application(account.applicationId())).orElseThrow();
  }

  /**
   * The applications, newest first.
   *
   * @param isRemoved whether those are meant that were removed, rather than those that were not
   */
  public List<Application> applications(boolean isRemoved) {
    List<Application> found =
        new ArrayList<>(
            accounts.current().applications().stream()
                .filter(application -> application.isHidden() == isRemoved)
                .toList());
    Collections.reverse(found);
    return found;
  }

  /** An application, removed or not. */
  public Application findApplication(String name) {
    return known(set -> set.applicationByName(name)).orElseThrow(Refusals::noApplication);
  }

  /** Whether the environment sets the webhook secrets of an application. */
  public boolean isSetByEnvironment(Application application) {
    return application.id() == Application.MAIN
        && accounts.current().main().ruled().contains(AccountField.WEBHOOK_SECRETS);
  }

  /**
   * Makes an application.
   *
   * @param name null if the caller gave none
   */
  public Application addApplication(@Nullable String name, ApplicationChange values, Grantor by) {
    if (name == null) {
      throw Refusals.invalid("name", "it is missing");
    }
    return Refusals.naming(() -> store.addApplication(name, values, new Audited(by, clock)));
  }

  /** Changes what is given of an application, all of it or nothing. */
  public Application changeApplication(String name, ApplicationChange change, Grantor by) {
    Application application = findApplication(name);
    return Refusals.naming(
        () -> store.changeApplication(application.id(), change, new Audited(by, clock)));
  }

  /** Hides an application that no connected account has. A second time is no change. */
  public Application removeApplication(String name, Grantor by) {
    Application application = findApplication(name);
    return Refusals.naming(() -> store.hideApplication(application.id(), new Audited(by, clock)));
  }
}

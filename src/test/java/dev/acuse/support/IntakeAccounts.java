package dev.acuse.support;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.AccountState;
import dev.acuse.account.Accounts;
import dev.acuse.account.Application;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.HeldSecret;
import dev.acuse.event.Place;
import dev.acuse.text.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Accounts that a test makes and changes, as a service knows them. */
public final class IntakeAccounts implements Accounts {
  private final List<Account> accounts = new ArrayList<>();
  private final List<Application> applications = new ArrayList<>();
  private final List<Consumer<AccountSet>> followers = new ArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile AccountSet current;
  private volatile AccountSet stored;
  private volatile boolean isKnown = true;
  private volatile boolean isOut;

  /** The account {@code main} with this seller and these secrets. */
  public IntakeAccounts(@Nullable String seller, String... secrets) {
    AccountSet alone = alone(seller, List.of(secrets)).current();
    accounts.addAll(alone.all());
    applications.addAll(alone.applications());
    stored = alone;
    current = alone;
  }

  /** The account {@code main} of an environment, and no other. */
  public static Accounts alone(List<Secret> secrets) {
    return Accounts.fixed(
        new EnvironmentAccount(Secret.NONE, secrets, null, Secret.NONE, null).alone());
  }

  private static Accounts alone(@Nullable String seller, List<String> secrets) {
    return Accounts.fixed(
        new EnvironmentAccount(
                Secret.NONE, secrets.stream().map(Secret::of).toList(), seller, Secret.NONE, null)
            .alone());
  }

  /** One more application. */
  public IntakeAccounts application(long id, @Nullable String clientId, String... secrets) {
    List<HeldSecret> held = new ArrayList<>();
    for (String secret : secrets) {
      held.add(new HeldSecret(Secret.of(secret), false, null));
    }
    return put(application(id, clientId, held));
  }

  /** One more application, whose secret no key opens. */
  public IntakeAccounts unreadable(long id) {
    return put(application(id, null, List.of(new HeldSecret(Secret.NONE, true, null))));
  }

  private static Application application(
      long id, @Nullable String clientId, List<HeldSecret> secrets) {
    return new Application(
        id, UUID.randomUUID(), "app-" + id, clientId, HeldSecret.NONE, secrets, false);
  }

  private IntakeAccounts put(Application application) {
    applications.removeIf(one -> one.id() == application.id());
    applications.add(application);
    return changed();
  }

  /** One more account, or the same in another state. */
  public IntakeAccounts account(
      long id, String name, long applicationId, @Nullable String seller, AccountState state) {
    accounts.removeIf(one -> one.id() == id);
    accounts.add(
        new Account(
            id,
            UUID.randomUUID(),
            name,
            name,
            state,
            applicationId,
            seller,
            null,
            HeldSecret.NONE,
            HeldSecret.NONE,
            null,
            HeldSecret.NONE,
            null,
            Set.of()));
    return changed();
  }

  /** One more account that is active. */
  public IntakeAccounts account(long id, String name, long applicationId, String seller) {
    return account(id, name, applicationId, seller, AccountState.ACTIVE);
  }

  private IntakeAccounts changed() {
    stored = new AccountSet(stored.version() + 1, accounts, applications);
    return this;
  }

  /** What was changed is known to this instance as well. */
  public IntakeAccounts told() {
    current = stored;
    isKnown = true;
    followers.forEach(follower -> follower.accept(current));
    return this;
  }

  /** The database is out; what is known stays known. */
  public IntakeAccounts out(boolean now) {
    isOut = now;
    return this;
  }

  /** As at a start without the database: no account is known but what the environment says. */
  public IntakeAccounts unknown() {
    Account main = accounts.get(0);
    if (main.id() != Place.MAIN_ACCOUNT) {
      throw new IllegalStateException("the first is main");
    }
    current = new AccountSet(0, List.of(main), List.of(applications.get(0)));
    isKnown = false;
    isOut = true;
    return this;
  }

  /** How often they were read anew. */
  public int reads() {
    return reads.get();
  }

  @Override
  public AccountSet current() {
    return current;
  }

  @Override
  public boolean isKnown() {
    return isKnown;
  }

  @Override
  public Reading fresh() {
    reads.incrementAndGet();
    if (!isOut) {
      told();
    }
    return new Reading(current, !isOut);
  }

  @Override
  public void follow(Consumer<AccountSet> follower) {
    followers.add(follower);
    follower.accept(current);
  }
}

package dev.acuse.support;

import dev.acuse.account.Account;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountFollower;
import dev.acuse.account.AccountStore;
import dev.acuse.account.Application;
import dev.acuse.account.ApplicationChange;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.seal.Keys;
import dev.acuse.text.Secret;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Accounts in a test's database, made as another instance with the same key makes them. */
public final class SeededAccounts {
  /** The key that seals them. */
  public static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private final String mainSeller;
  private final AccountStore store;

  /**
   * @param mainSeller {@code main}'s, as the environment of the service has it
   */
  public SeededAccounts(TestDatabase database, String mainSeller) {
    this.mainSeller = mainSeller;
    this.store =
        new AccountStore(
            database.jdbi(),
            InstantSource.system(),
            new Keys(Secret.of(KEY), null),
            new EnvironmentAccount(Secret.NONE, List.of(), mainSeller, Secret.NONE, null),
            () -> false);
  }

  /** What makes a service know the same as they do. */
  public Map<String, String> settings() {
    return Map.of("accounts.key", KEY, "mercadoPago.collectorId", mainSeller);
  }

  /** One more application; its id is one more than that of the one before, the first is 2. */
  public SeededAccounts application(String name, String... webhookSecrets) {
    List<Secret> secrets = Stream.of(webhookSecrets).map(Secret::of).toList();
    store.addApplication(
        name, ApplicationChange.NONE.withWebhookSecrets(secrets), AccountFollower.NONE);
    return this;
  }

  /** One more account; its id is one more than that of the one before, the first is 2. */
  public SeededAccounts account(String name, String application, String seller) {
    long applicationId =
        store.load().applications().stream()
            .filter(one -> one.name().equals(application))
            .mapToLong(Application::id)
            .findFirst()
            .orElseThrow();
    store.add(name, AccountChange.NONE.withApplicationId(applicationId).withSellerId(seller));
    return this;
  }

  /** Ends an account. */
  public SeededAccounts disconnect(String name) {
    store.disconnect(get(name).id(), AccountFollower.NONE);
    return this;
  }

  /** An account as it is stored now. */
  public Account get(String name) {
    return store.load().byName(name).orElseThrow();
  }
}

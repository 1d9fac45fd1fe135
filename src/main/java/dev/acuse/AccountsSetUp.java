package dev.acuse;

import dev.acuse.account.AccountStore;
import dev.acuse.account.EnvironmentAccount;
import dev.acuse.account.LiveAccounts;
import dev.acuse.account.seal.Keys;
import dev.acuse.database.h2.H2Url;
import dev.acuse.inbox.Ledger;
import dev.acuse.recovery.H2Files;
import io.dropwizard.core.setup.Environment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The accounts.
 *
 * @param store changes them
 * @param live knows them, also while the database is out
 */
record AccountsSetUp(AccountStore store, LiveAccounts live) {
  /** In the spool's folder of an instance on PostgreSQL. */
  private static final String SETTINGS = "settings.sealed";

  /** Of the service. They are looked at for as long as it lives. */
  static AccountsSetUp of(AcuseConfiguration config, Environment environment, Database database) {
    boolean hasSpool = !config.intake().spool().isOff();
    Path spooled = hasSpool ? config.intake().spool().place().resolve(SETTINGS) : null;
    return of(config, environment, database, spooled);
  }

  /** Of a command, beside which a service on PostgreSQL may write the file. */
  static AccountsSetUp ofCommand(
      AcuseConfiguration config, Environment environment, Database database) {
    return of(config, environment, database, null);
  }

  private static AccountsSetUp of(
      AcuseConfiguration config,
      Environment environment,
      Database database,
      @Nullable Path spooled) {
    H2Files files =
        config.isH2() ? new H2Files(H2Url.file(String.valueOf(config.database().getUrl()))) : null;
    var keys = new Keys(config.accounts().key(), files == null ? null : files.key());
    var ledger = new Ledger(database.jdbi(), database.clock());
    var store =
        new AccountStore(
            database.jdbi(),
            database.clock(),
            keys,
            environmentAccount(config),
            () -> ledger.live().stream().anyMatch(one -> one.accountsVersion() == null));
    var live =
        new LiveAccounts(
            store,
            files == null ? spooled : files.settings(),
            LiveAccounts.EVERY,
            System::nanoTime);
    if (database.isUpToDate().getAsBoolean()) {
      // Where it is out, the start does not wait for it.
      live.look();
    }
    environment.lifecycle().manage(live);
    return new AccountsSetUp(store, live);
  }

  /** What the configuration says of {@code main}. */
  static EnvironmentAccount environmentAccount(AcuseConfiguration config) {
    return new EnvironmentAccount(
        config.mercadoPago().accessToken(),
        config.mercadoPago().credentials().webhookSecrets(),
        config.mercadoPago().collectorId(),
        config.goHighLevel().token(),
        config.goHighLevel().locationId());
  }
}

package dev.acuse.account;

import dev.acuse.account.seal.Keys;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts of a database of a test's own. */
final class AccountFixture {
  static final String MAIN_SELLER = "1000";

  /** What the environment of most installations sets. */
  static final EnvironmentAccount ENVIRONMENT =
      new EnvironmentAccount(
          Secret.of("APP_USR-of-the-environment-0001"),
          List.of(Secret.of("webhook-secret-of-the-environment")),
          MAIN_SELLER,
          Secret.NONE,
          null);

  final ManualClock clock = ManualClock.create();
  final TestDatabase database;

  AccountFixture(TestDatabase database) {
    this.database = database;
  }

  static String newKey() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  AccountStore store(Keys keys, EnvironmentAccount environment) {
    return new AccountStore(database.jdbi(), clock, keys, environment, () -> false);
  }

  /** With keys as {@code ACUSE_KEY} has them. */
  AccountStore store(@Nullable String keys) {
    return store(new Keys(Secret.of(keys), null), ENVIRONMENT);
  }

  static AccountChange seller(String seller) {
    return AccountChange.NONE.withSellerId(seller);
  }
}

package dev.acuse;

import dev.acuse.account.Accounts;
import dev.acuse.account.EnvironmentAccount;

/** The accounts of an installation that has none but {@code main}. */
final class MainAccount {
  private MainAccount() {}

  static Accounts of(AcuseConfiguration config) {
    return Accounts.fixed(
        new EnvironmentAccount(
                config.mercadoPago().accessToken(),
                config.mercadoPago().credentials().webhookSecrets(),
                config.mercadoPago().collectorId(),
                config.goHighLevel().token(),
                config.goHighLevel().locationId())
            .alone());
  }
}

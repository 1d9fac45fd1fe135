package dev.acuse;

import dev.acuse.doctor.Settings;
import dev.acuse.gohighlevel.GoHighLevelConfiguration;
import dev.acuse.mercadopago.MercadoPagoConfiguration;

/** What of a configuration is set. */
final class SettingsOf {
  private SettingsOf() {}

  /** Of this one, without its secrets. */
  static Settings configuration(AcuseConfiguration config) {
    return new Settings(
        config.mercadoPago().accessToken().isSet(),
        config.mercadoPago().webhookSecrets().isSet(),
        config.goHighLevel().token().isSet(),
        config.api().token().isSet(),
        config.console().users().isSet(),
        config.alerts().webhookUrl().isSet(),
        !config.reconciliation().isOnDemandOnly(),
        !config.intake().spool().isOff(),
        config.mercadoPago().baseUrl().equals(MercadoPagoConfiguration.defaults().baseUrl()),
        config.goHighLevel().baseUrl().equals(GoHighLevelConfiguration.defaults().baseUrl()));
  }
}

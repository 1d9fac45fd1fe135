package dev.acuse;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What differs from {@code config.yml} in a service that works beside a sandbox, in a folder of its
 * own: addresses and credentials, no telling outside, and delays for the impatient.
 */
final class SandboxedService {
  private SandboxedService() {}

  /**
   * Has the configuration that is read next say so, whatever stands in its file.
   *
   * @param folder for the database and the spool
   */
  static void configure(Sandbox sandbox, Path folder) {
    settings(sandbox, folder).forEach((key, value) -> System.setProperty("dw." + key, value));
  }

  private static Map<String, String> settings(Sandbox sandbox, Path folder) {
    SandboxOptions.Credentials options = sandbox.options().credentials();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        "database.url",
        "jdbc:h2:file:"
            + folder.resolve("acuse")
            + ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    settings.put("intake.spool.folder", folder.resolve("spool").toString());
    settings.put("database.user", "sa");
    settings.put("database.password", "");
    settings.put("migrateOnStart", "true");
    settings.put("mercadoPago.baseUrl", sandbox.mercadoPagoUrl().toString());
    settings.put("mercadoPago.accessToken", options.accessToken());
    settings.put("mercadoPago.webhookSecrets", options.webhookSecret());
    settings.put("goHighLevel.baseUrl", sandbox.goHighLevelUrl().toString());
    settings.put("goHighLevel.token", options.goHighLevelToken());
    settings.put("api.token", "");
    settings.put("adminPort.token", "");
    settings.put("console.users", "");
    // Nothing is told outside, and the sandbox's notifications come by the address they are given.
    settings.put("alerts.webhookUrl", "");
    settings.put("mercadoPago.notificationUrl", "");
    settings.put("mercadoPago.collectorId", "");
    settings.put("dispatch.retryDelays", "2s,4s,8s");
    settings.put("dispatch.probeEvery", "2s");
    return settings;
  }
}

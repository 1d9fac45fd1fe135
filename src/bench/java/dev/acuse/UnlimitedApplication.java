package dev.acuse;

import dev.acuse.gohighlevel.GoHighLevelConfiguration;
import io.dropwizard.core.setup.Environment;

/**
 * The service without a limit of calls to GoHighLevel, which no setting allows, so that what is
 * measured is the service. It runs with the jar of this version and with that of the release
 * before. Never part of the jar.
 */
public final class UnlimitedApplication extends AcuseApplication {
  private static final int NO_LIMIT = 1_000_000;

  /** Runs a command; {@code server config.yml} is the service. */
  public static void main(String[] args) {
    new UnlimitedApplication().run(args);
  }

  @Override
  public void run(AcuseConfiguration config, Environment environment) {
    GoHighLevelConfiguration limited = config.goHighLevel();
    try {
      var field = AcuseConfiguration.class.getDeclaredField("goHighLevel");
      field.setAccessible(true);
      field.set(
          config,
          new GoHighLevelConfiguration(
              limited.baseUrl(),
              limited.token(),
              limited.locationId(),
              limited.apiVersion(),
              NO_LIMIT,
              limited.timeout()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    super.run(config, environment);
  }
}

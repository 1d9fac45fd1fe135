package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What the admin port's {@code /healthcheck} tells beyond the two connection pools, which register
 * themselves as {@code database} and {@code intake}.
 */
public final class HealthChecks {
  private HealthChecks() {}

  /** Registers {@code dispatcher}, {@code backlog}, and one for each downstream. */
  public static void register(
      Environment environment,
      DispatcherHealthCheck dispatcher,
      List<RemoteSystem> downstreams,
      BacklogHealthCheck backlog) {
    environment.healthChecks().register("dispatcher", dispatcher);
    environment.healthChecks().register("backlog", backlog);
    for (RemoteSystem downstream : downstreams) {
      environment
          .healthChecks()
          .register(downstream.name(), check(downstream::isUp, "it is out, or refuses our token"));
    }
  }

  private static HealthCheck check(BooleanSupplier condition, String otherwise) {
    return new HealthCheck() {
      @Override
      protected Result check() {
        return condition.getAsBoolean() ? Result.healthy() : Result.unhealthy(otherwise);
      }
    };
  }
}

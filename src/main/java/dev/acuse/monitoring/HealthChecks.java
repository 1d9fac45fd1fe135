package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.remote.RemoteSystem;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import java.util.Set;

/**
 * What the admin port's {@code /healthcheck} tells beyond the two connection pools, which register
 * themselves as {@code database} and {@code intake}.
 */
public final class HealthChecks {
  private static final Set<Kind> DOWN = Set.of(Kind.DOWN, Kind.TOKEN_REFUSED, Kind.NO_TOKEN);

  private HealthChecks() {}

  private static Result state(RemoteSystem downstream) {
    return downstream.state() == RemoteSystem.State.NO_TOKEN
        ? Result.healthy("no token yet")
        : Result.healthy();
  }

  /**
   * Registers {@code dispatcher}, {@code backlog}, {@code settings}, {@code keys}, and one for each
   * downstream.
   */
  public static void register(
      Environment environment,
      DispatcherHealthCheck dispatcher,
      Conditions conditions,
      BacklogHealthCheck backlog,
      List<RemoteSystem> downstreams) {
    environment.healthChecks().register("dispatcher", dispatcher);
    environment.healthChecks().register("backlog", backlog);
    environment
        .healthChecks()
        .register(
            "settings",
            new ConditionHealthCheck(
                () -> conditions.of(Set.of(Kind.SETTINGS_DIFFER)),
                conditions::read,
                Result::healthy));
    environment
        .healthChecks()
        .register(
            "keys",
            new ConditionHealthCheck(
                () -> conditions.of(Set.of(Kind.KEYS)), conditions::read, Result::healthy));
    for (RemoteSystem downstream : downstreams) {
      environment
          .healthChecks()
          .register(
              downstream.name(),
              new ConditionHealthCheck(
                  () -> conditions.about(downstream, DOWN),
                  conditions::read,
                  () -> state(downstream)));
    }
  }
}

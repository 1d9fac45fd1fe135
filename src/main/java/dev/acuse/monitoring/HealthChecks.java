package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import java.util.Set;

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
      Conditions conditions,
      BacklogHealthCheck backlog) {
    environment.healthChecks().register("dispatcher", dispatcher);
    environment.healthChecks().register("backlog", backlog);
    for (Condition down : conditions.of(Set.of(Kind.DOWN))) {
      environment
          .healthChecks()
          .register(
              down.subject(),
              new ConditionHealthCheck(List.of(down), conditions::read, Result::healthy));
    }
  }
}

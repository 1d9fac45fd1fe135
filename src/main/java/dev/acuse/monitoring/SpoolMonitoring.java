package dev.acuse.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.health.HealthCheck;
import com.codahale.metrics.health.HealthCheck.Result;
import com.codahale.metrics.health.HealthCheckRegistry;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.intake.spool.Spool;
import io.dropwizard.core.setup.Environment;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What monitoring is told of the spool, and of whether webhooks can be stored at all. */
public final class SpoolMonitoring {
  private SpoolMonitoring() {}

  /**
   * Registers the health check {@code intake} and, if there is a spool, {@code spool} and its
   * gauges.
   *
   * @param spool null if it is off
   * @param conditions say whether it cannot take more, or has set something aside
   * @param clock the database's time, which arrivals go by
   */
  public static void install(
      Environment environment, @Nullable Spool spool, Conditions conditions, InstantSource clock) {
    HealthCheckRegistry checks = environment.healthChecks();
    HealthCheck database =
        Objects.requireNonNull(
            checks.getHealthCheck("intake-database"), "the pool registers its own check");
    checks.register("intake", new IntakeHealthCheck(spool, database));
    if (spool == null) {
      return;
    }
    checks.register(
        "spool",
        new ConditionHealthCheck(
            () -> conditions.of(Set.of(Kind.SPOOL_SET_ASIDE, Kind.SPOOL_FULL)),
            conditions::read,
            () -> waiting(spool.state())));
    gauge(environment, "records", () -> spool.state().records());
    gauge(environment, "bytes", () -> spool.state().bytes());
    gauge(environment, "oldest_seconds", () -> ageSeconds(spool.state(), clock));
    gauge(environment, "rejected_files", spool::rejectedFiles);
    gauge(environment, "damaged_files", spool::damagedFiles);
  }

  private static Result waiting(Spool.State state) {
    return Result.healthy("%d webhooks wait, of %d bytes", state.records(), state.bytes());
  }

  private static double ageSeconds(Spool.State state, InstantSource clock) {
    Long oldest = state.oldestMillis();
    return oldest == null ? 0 : Math.max(0, clock.millis() - oldest) / 1e3;
  }

  private static void gauge(Environment environment, String name, Gauge<? extends Number> value) {
    environment.metrics().registerGauge("acuse.spool." + name, value);
  }
}

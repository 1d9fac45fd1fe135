package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.intake.spool.Spool;
import org.jspecify.annotations.Nullable;

/**
 * Whether a webhook that came now could be stored durably: in the database or, while that is out,
 * in the spool. What readiness means.
 */
final class IntakeHealthCheck extends HealthCheck {
  private final @Nullable Spool spool;
  private final HealthCheck database;

  /**
   * @param spool null if it is off
   * @param database by connections of the intake's own
   */
  IntakeHealthCheck(@Nullable Spool spool, HealthCheck database) {
    this.spool = spool;
    this.database = database;
  }

  @Override
  protected Result check() {
    if (spool != null && spool.state().canTake()) {
      long records = spool.state().records();
      return records == 0
          ? Result.healthy()
          : Result.healthy("%d webhooks wait in the spool for the database", records);
    }
    Result result = database.execute();
    return result.isHealthy()
        ? result
        : Result.unhealthy("the database is out, and there is no spool that could take a webhook");
  }
}

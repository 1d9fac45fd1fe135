package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.intake.spool.Spool;

/** Whether the spool needs somebody: it cannot take more, or has set something aside. */
final class SpoolHealthCheck extends HealthCheck {
  private final Spool spool;

  SpoolHealthCheck(Spool spool) {
    this.spool = spool;
  }

  @Override
  protected Result check() {
    Spool.State state = spool.state();
    long rejected = spool.rejectedFiles();
    long damaged = spool.damagedFiles();
    if (rejected + damaged > 0) {
      return Result.unhealthy(
          "%d .rejected and %d .damaged files in its folder want a look", rejected, damaged);
    }
    if (!state.canTake()) {
      return Result.unhealthy("it is full, or its disk is, or has failed");
    }
    return Result.healthy("%d webhooks wait, of %d bytes", state.records(), state.bytes());
  }
}

package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.dispatch.Dispatcher;
import java.util.function.BooleanSupplier;

/**
 * Whether this process makes progress, as far as that is its own doing: a database or a provider
 * that is out, or an inbox that is paused, says nothing against it. What asks decides by it whether
 * to start the process anew.
 */
public final class DispatcherHealthCheck extends HealthCheck {
  private final Dispatcher dispatcher;
  private final BooleanSupplier isFileStuck;
  private final BooleanSupplier mayRun;

  /**
   * @param isFileStuck whether an H2 file is in the middle of something that does not end
   * @param mayRun whether the dispatcher is not held back by an upgrade any more
   */
  public DispatcherHealthCheck(
      Dispatcher dispatcher, BooleanSupplier isFileStuck, BooleanSupplier mayRun) {
    this.dispatcher = dispatcher;
    this.isFileStuck = isFileStuck;
    this.mayRun = mayRun;
  }

  @Override
  protected Result check() {
    if (!mayRun.getAsBoolean()) {
      return Result.healthy("not begun yet: the check \"upgrade\" says why");
    }
    if (!dispatcher.isAlive()) {
      return Result.unhealthy("the dispatcher does not run");
    }
    if (!dispatcher.isTurning()) {
      return Result.unhealthy("the dispatcher has not turned for 30 s");
    }
    if (isFileStuck.getAsBoolean()) {
      return Result.unhealthy("a call to the H2 file has been under way for more than 30 s");
    }
    return Result.healthy();
  }
}

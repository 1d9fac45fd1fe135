package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.http.connection.Descriptors;

/** Unhealthy before the process is out of file descriptors. */
final class DescriptorHealthCheck extends HealthCheck {
  private static final double SCARCE = 0.9;

  private final Descriptors descriptors;

  DescriptorHealthCheck(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  @Override
  protected Result check() {
    long open = descriptors.open();
    long limit = descriptors.limit();
    return open > limit * SCARCE
        ? Result.unhealthy(
            "%d of %d file descriptors are open (ulimit -n, LimitNOFILE)", open, limit)
        : Result.healthy("%d of %d file descriptors are open", open, limit);
  }
}

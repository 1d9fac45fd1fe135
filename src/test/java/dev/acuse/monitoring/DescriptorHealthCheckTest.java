package dev.acuse.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck.Result;
import dev.acuse.http.connection.Descriptors;
import org.junit.jupiter.api.Test;

class DescriptorHealthCheckTest {

  @Test
  void tellsBeforeNoneIsLeft() {
    assertThat(check(230, 256).isHealthy()).isTrue();
    assertThat(check(231, 256).isHealthy()).isFalse();
    assertThat(check(231, 256).getMessage()).contains("231 of 256").contains("ulimit -n");
  }

  private static Result check(long open, long limit) {
    return new DescriptorHealthCheck(new Descriptors(() -> open, () -> limit)).check();
  }
}

package dev.acuse.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.health.HealthCheck;
import dev.acuse.intake.BookKeeper;
import io.dropwizard.core.setup.Environment;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What monitoring is told of the books of the intake. */
public final class LedgerMonitoring {
  private LedgerMonitoring() {}

  /** Registers the health check {@code ledger} and the gauge {@code acuse.ledger.unaccounted}. */
  public static void install(Environment environment, BookKeeper books) {
    Gauge<@Nullable Long> unaccounted =
        () -> {
          OptionalLong count = books.unaccounted();
          return count.isPresent() ? count.getAsLong() : null;
        };
    environment.metrics().registerGauge("acuse.ledger.unaccounted", unaccounted);
    environment
        .healthChecks()
        .register(
            "ledger",
            new HealthCheck() {
              @Override
              protected Result check() {
                OptionalLong count = books.unaccounted();
                if (count.isEmpty()) {
                  return Result.healthy("the books have not been drawn up yet");
                }
                return count.getAsLong() == 0
                    ? Result.healthy("every acknowledged webhook is accounted for")
                    : Result.unhealthy(
                        "%d acknowledged webhooks are not accounted for: see /api/ledger",
                        count.getAsLong());
              }
            });
  }
}

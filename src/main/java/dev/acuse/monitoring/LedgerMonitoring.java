package dev.acuse.monitoring;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.health.HealthCheck.Result;
import dev.acuse.condition.Condition.Kind;
import dev.acuse.condition.Conditions;
import dev.acuse.intake.BookKeeper;
import io.dropwizard.core.setup.Environment;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What monitoring is told of the books of the intake. */
public final class LedgerMonitoring {
  private LedgerMonitoring() {}

  /** Registers the health check {@code ledger} and the gauge {@code acuse.ledger.unaccounted}. */
  public static void install(Environment environment, BookKeeper books, Conditions conditions) {
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
            new ConditionHealthCheck(
                () -> conditions.of(Set.of(Kind.UNACCOUNTED)),
                conditions::read,
                () ->
                    Result.healthy(
                        books.unaccounted().isEmpty()
                            ? "the books have not been drawn up yet"
                            : "every acknowledged webhook is accounted for")));
  }
}

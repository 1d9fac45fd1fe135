package dev.acuse.monitoring;

import com.codahale.metrics.health.HealthCheck;
import dev.acuse.condition.Condition;
import dev.acuse.condition.Problem;
import dev.acuse.condition.Reading;
import java.util.List;
import java.util.function.Supplier;

/** Unhealthy as long as one of some conditions holds. */
final class ConditionHealthCheck extends HealthCheck {
  private final Supplier<List<Condition>> conditions;
  private final Supplier<Reading> inbox;
  private final Supplier<Result> otherwise;

  /**
   * @param conditions those of now
   * @param otherwise what it answers if none holds
   */
  ConditionHealthCheck(
      Supplier<List<Condition>> conditions, Supplier<Reading> inbox, Supplier<Result> otherwise) {
    this.conditions = conditions;
    this.inbox = inbox;
    this.otherwise = otherwise;
  }

  @Override
  protected Result check() {
    for (Condition condition : conditions.get()) {
      Problem problem = condition.look(inbox);
      if (problem != null) {
        return Result.unhealthy(problem.sentence());
      }
    }
    return otherwise.get();
  }
}

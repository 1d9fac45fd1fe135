package dev.acuse.condition;

import dev.acuse.condition.Condition.Rule;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether payments change and no webhook comes for much longer than usual. */
final class Silence implements Rule {
  private final EventReader events;
  private final ReconciliationReader reconciliations;
  private final Comparisons comparisons;
  private final Scope scope;
  private final Limits limits;
  private final InstantSource clock;

  Silence(
      EventReader events,
      ReconciliationReader reconciliations,
      Comparisons comparisons,
      Scope scope,
      Limits limits,
      InstantSource clock) {
    this.events = events;
    this.reconciliations = reconciliations;
    this.comparisons = comparisons;
    this.scope = scope;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public @Nullable Problem look(Supplier<Reading> inbox) {
    // Of most accounts nothing was found, so that their deliveries need not be looked at.
    if (!comparisons.mayHaveFoundSince(inbox, Instant.EPOCH)) {
      return null;
    }
    List<Instant> arrivals = events.deliveries().latest(scope);
    Instant last = arrivals.isEmpty() ? null : arrivals.get(0);
    Instant since = last == null ? Instant.EPOCH : last;
    long missed =
        comparisons.mayHaveFoundSince(inbox, since) ? reconciliations.foundSince(scope, since) : 0;
    if (missed == 0) {
      return null;
    }
    if (last == null) {
      return Problem.of(
          missed,
          "MercadoPago is not reaching us: it has %d payments, and no webhook has ever arrived"
              .formatted(missed));
    }
    return last.plus(longestGap(arrivals)).isAfter(clock.instant())
        ? null
        : Problem.of(
            missed,
            "MercadoPago is not reaching us: %d payments changed and no webhook has arrived since %s"
                .formatted(missed, last));
  }

  /** So many usual gaps, but not less than the configured time. */
  private Duration longestGap(List<Instant> arrivals) {
    if (arrivals.size() < 2) {
      return limits.silence();
    }
    Duration usual =
        Duration.between(arrivals.get(arrivals.size() - 1), arrivals.get(0))
            .dividedBy(arrivals.size() - 1);
    Duration many = usual.multipliedBy(limits.silenceGaps());
    return many.compareTo(limits.silence()) > 0 ? many : limits.silence();
  }
}

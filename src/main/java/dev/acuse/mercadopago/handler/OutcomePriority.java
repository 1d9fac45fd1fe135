package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.Outcome;
import java.util.Comparator;
import java.util.List;

/**
 * Which of several payments' outcomes their event takes: what is worth another try comes first,
 * because a retry repeats them all; one payment's failure must not end the others.
 */
enum OutcomePriority {
  OUTAGE,
  RETRY,
  SNOOZE,
  FAIL,
  NOTHING_LEFT;

  /** The most urgent one; of none, that all is done. */
  static Outcome first(List<Outcome> outcomes) {
    return outcomes.stream()
        .min(Comparator.comparing(OutcomePriority::of))
        .orElseGet(Outcome::done);
  }

  private static OutcomePriority of(Outcome outcome) {
    return switch (outcome.kind()) {
      case OUTAGE -> OUTAGE;
      case RETRY -> RETRY;
      case SNOOZE -> SNOOZE;
      case FAIL -> FAIL;
      case DONE, IGNORED -> NOTHING_LEFT;
    };
  }
}

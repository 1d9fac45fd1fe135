package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.Outcome;
import java.util.Comparator;
import java.util.List;

/**
 * Which of several payments' outcomes their event takes: what is worth another try comes first,
 * because a retry repeats them all; one payment's failure must not end the others. Of what came to
 * its end a want of a handler comes first, because it is a reason to do all of it once more, and
 * then what was done.
 */
enum OutcomePriority {
  OUTAGE,
  RETRY,
  SNOOZE,
  FAIL,
  UNHANDLED,
  DONE,
  IGNORED;

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
      case DONE -> DONE;
      case IGNORED -> outcome.isUnhandled() ? UNHANDLED : IGNORED;
    };
  }
}

package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;

/** What an event is worth that nothing proves: a stranger may have named anything in it. */
final class Hint {
  private Hint() {}

  /** Whether a stranger may have caused this event. */
  static boolean isOfStranger(WebhookEvent event) {
    return event.origin() == EventOrigin.WEBHOOK && event.signature() != SignatureState.VERIFIED;
  }

  /**
   * What becomes of an event whose resource could not be looked up: one that the panel has
   * simulated ends, and so does a hint at what is not there or may not be read.
   *
   * @param outcome of the event's attempt
   * @param what it names, for people
   */
  static Outcome ofLookUp(WebhookEvent event, Outcome outcome, String what) {
    if (Simulation.isProvenBy(outcome, event)) {
      return Simulation.ignored();
    }
    boolean isUnknown =
        RemoteFailures.NOT_FOUND.equals(outcome.errorKind())
            && event.signature() == SignatureState.UNVERIFIABLE;
    return isUnknown
        ? Outcome.ignored(
                "an unverifiable hint at %s that MercadoPago does not know".formatted(what))
            .because(ReasonCode.UNPROVEN_AND_UNKNOWN)
        : judge(event, outcome, what);
  }

  /**
   * Ends a hint at what MercadoPago does not let us read: it is another seller's, or nothing, and
   * stays so.
   *
   * @param outcome of the event's attempt
   * @param what it names, for people
   */
  static Outcome judge(WebhookEvent event, Outcome outcome, String what) {
    return event.signature() == SignatureState.UNVERIFIABLE && isRefusedLookUp(outcome)
        ? Outcome.ignored(
                "an unverifiable hint at %s that we may not read: %s"
                    .formatted(what, outcome.reason()))
            .because(ReasonCode.UNPROVEN_AND_FORBIDDEN)
        : outcome;
  }

  /**
   * Ends what was named beside something else where it comes to nothing: MercadoPago does not know
   * it, does not let us read it, or no handler takes its topic, which nothing proves. It must not
   * keep the rest from its end, nor stand for it.
   */
  static Outcome settled(Outcome outcome) {
    boolean isRefused = outcome.kind() == Outcome.Kind.RETRY && isRefused(outcome);
    return isRefused || outcome.isUnhandled()
        ? Outcome.ignored("an unverifiable hint beside it: " + outcome.reason())
            .because(ReasonCode.UNPROVEN_AND_UNKNOWN)
        : outcome;
  }

  /** Whether MercadoPago says that something is not there, or not ours to read. */
  static boolean isRefused(Outcome outcome) {
    return RemoteFailures.NOT_FOUND.equals(outcome.errorKind()) || isRefusedLookUp(outcome);
  }

  /** What the CRM refuses is no longer tried, and not this class's matter. */
  private static boolean isRefusedLookUp(Outcome outcome) {
    return outcome.kind() == Outcome.Kind.RETRY
        && (RemoteFailures.FORBIDDEN.equals(outcome.errorKind())
            || RemoteFailures.REJECTED.equals(outcome.errorKind()));
  }
}

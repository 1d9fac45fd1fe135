package dev.acuse.payment;

import dev.acuse.payment.state.Payment;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's acceptance of a payment came to.
 *
 * @param payment as it is now; null only for {@link Result#UNKNOWN}
 */
public record Acceptance(Result result, @Nullable Payment payment) {

  /** How it ended. */
  public enum Result {
    /** It was flagged and counts from now on. */
    ACCEPTED,
    /** It had been accepted before. */
    ALREADY_ACCEPTED,
    /** There was nothing to accept. */
    NOT_FLAGGED,
    /** There is no such payment. */
    UNKNOWN
  }
}

package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;

/**
 * What registering a checkout came to.
 *
 * @param checkout the one that has the reference now
 */
public record Registration(Result result, Checkout checkout) {

  /** How it ended. */
  public enum Result {
    /** It is new. */
    CREATED,
    /** The same checkout was registered before. */
    EXISTING,
    /** The reference belongs to a checkout with other content, which was left alone. */
    CONFLICT
  }
}

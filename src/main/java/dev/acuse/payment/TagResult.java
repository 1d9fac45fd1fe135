package dev.acuse.payment;

/** What became of a customer's tags. */
public enum TagResult {
  /** The contact wears every tag that was due. */
  TAGGED,
  /** No tag is due, or all of them are on the contact already. */
  NOTHING_DUE,
  /** Tags would be due, but nobody knows whose. */
  NO_CONTACT,
  /** The payment does not fit its checkout and no operator has accepted it. */
  FLAGGED,
  /** Another handler is at it: come back in a moment and see. */
  CLAIMED_ELSEWHERE
}

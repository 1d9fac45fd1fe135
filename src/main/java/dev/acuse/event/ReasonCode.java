package dev.acuse.event;

import java.util.Locale;

/**
 * Why an attempt ended as it did, as a word that is shown in the reader's language. What stands in
 * the braces are its arguments, in their order.
 */
public enum ReasonCode {
  /** {system} refuses our token, whatever is asked. */
  TOKEN_REFUSED,
  /** What it takes to ask {system} is not set yet. */
  NOT_SET_UP,
  /** {system} did not answer, or said that it is out. */
  NO_ANSWER,
  /** {system} was out before: it was not asked. */
  WAITS_FOR,
  /** Our own rate for {system} was used up: it was not asked. */
  RATE_USED_UP,
  /** The answer of {system} makes no sense, or another thing answered in its place. */
  NOT_UNDERSTOOD,
  /** {system} does not know what was asked for: {resource}. */
  NOT_FOUND,
  /** {system} does not let us read what was asked for: {resource}. */
  FORBIDDEN,
  /** {system} does not take what was asked for: {resource}. */
  REJECTED,
  /** MercadoPago's panel sent it to try the address. */
  SIMULATED,
  /** Nothing proves it, and MercadoPago does not know what it names. */
  UNPROVEN_AND_UNKNOWN,
  /** Nothing proves it, and we may not read what it names. */
  UNPROVEN_AND_FORBIDDEN,
  /** A card was tried, and nothing was sold. */
  CARD_VALIDATION,
  /** No handler takes events of {type}. */
  NO_HANDLER,
  /** Nothing has to be done about events of this kind. */
  NOTHING_TO_DO,
  /** The attempt took too long and was ended. */
  TOOK_TOO_LONG,
  /** The process ended in the middle of the attempt. */
  PROCESS_ENDED,
  /** The process was gone, or hung, until its lease ran out. */
  LEASE_EXPIRED,
  /** Our database did not answer. */
  DATABASE_OUT,
  /** A fault of Acuse itself. */
  OWN_FAULT,
  /** Something newer is wanted by now, and has an event of its own. */
  SUPERSEDED,
  /** Event, subject and target belong to different accounts: nothing was called. */
  ACCOUNT_MISMATCH,
  /** Its account is paused or disconnected. */
  ACCOUNT_HELD,
  /** The payment went to another seller than the account's. */
  NOT_THIS_SELLERS,
  /** The order {order} says that it was paid, and its payment cannot be read yet. */
  PAYMENT_MISSING,
  /** It is another account's, and is worked off there. */
  MOVED,
  /** No contact has the payer's e-mail address. */
  NO_CONTACT,
  /** A word of a newer version. */
  UNKNOWN;

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static ReasonCode of(String code) {
    for (ReasonCode reason : values()) {
      if (reason.code().equals(code)) {
        return reason;
      }
    }
    return UNKNOWN;
  }
}

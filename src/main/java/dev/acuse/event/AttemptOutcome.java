package dev.acuse.event;

import java.util.Locale;

/** How one attempt ended. */
public enum AttemptOutcome {
  /** Everything that was due is done. */
  SUCCESS,
  /** There was nothing to do. */
  IGNORED,
  /** It failed and will be tried again; counted. */
  RETRY,
  /** The other side was out; not counted. */
  OUTAGE,
  /** Handed back for a moment; not counted. */
  SNOOZED,
  /** It failed for good. */
  FAILED,
  /** The process that held the lease is gone; counted. */
  LEASE_EXPIRED,
  /** Handed back by an orderly shutdown; not counted. */
  RELEASED,
  /** A word of a newer version. */
  UNKNOWN;

  /** The word used in the database, the API and the logs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static AttemptOutcome of(String code) {
    for (AttemptOutcome known : values()) {
      if (known != UNKNOWN && known.code().equals(code)) {
        return known;
      }
    }
    return UNKNOWN;
  }
}

package dev.acuse.event;

import java.util.Locale;

/** Where an event stands. Only {@code EventStore} moves an event from one status to another. */
public enum EventStatus {
  /** Stored and waiting for its due time. */
  PENDING,
  /** Leased to a worker. */
  PROCESSING,
  /** Our side matches what MercadoPago says. */
  SUCCESS,
  /** Kept, but there is nothing to do for it. */
  IGNORED,
  /** Out of attempts, or hopeless; only an operator's retry brings it back. */
  FAILED,
  /** Not trusted or not understood: kept, and never processed as it is. */
  QUARANTINED;

  /** The word used in the database, the API and the logs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads {@link #code()} back.
   *
   * @throws IllegalArgumentException if no status has that code
   */
  public static EventStatus of(String code) {
    for (EventStatus status : values()) {
      if (status.code().equals(code)) {
        return status;
      }
    }
    throw new IllegalArgumentException("unknown status");
  }
}

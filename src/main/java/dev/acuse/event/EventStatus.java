package dev.acuse.event;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
  QUARANTINED,
  /** A word of a newer version: such an event is shown, and neither claimed nor changed. */
  UNKNOWN;

  /** Those that this version has, and a caller may ask for. */
  public static final List<EventStatus> KNOWN =
      List.of(PENDING, PROCESSING, SUCCESS, IGNORED, FAILED, QUARANTINED);

  /** The statuses of events that have an end, and may begin again. */
  public static final Set<EventStatus> FINISHED =
      Collections.unmodifiableSet(EnumSet.of(SUCCESS, IGNORED, FAILED));

  /** Whether {@link #FINISHED} holds it. */
  public boolean isFinished() {
    return FINISHED.contains(this);
  }

  /**
   * Whether an operator may make the event due at once. A worker holds an event that is processed,
   * and a quarantined one is never processed as it is.
   */
  public boolean mayBeRetried() {
    return this == PENDING || isFinished();
  }

  /**
   * Whether an operator may end the event as ignored: it has not ended well, and no worker holds
   * it.
   */
  public boolean mayBeIgnored() {
    return this == PENDING || this == FAILED;
  }

  /** Whether an operator may take the event for genuine. */
  public boolean mayBeReleased() {
    return this == QUARANTINED;
  }

  /** The word used in the database, the API and the logs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static EventStatus of(String code) {
    for (EventStatus status : KNOWN) {
      if (status.code().equals(code)) {
        return status;
      }
    }
    return UNKNOWN;
  }
}

package dev.acuse.event;

import java.util.List;
import java.util.Locale;

/** How an event came to be here. */
public enum EventOrigin {
  /** A provider delivered it. */
  WEBHOOK,
  /** We asked the provider what changed, and this was missing here. */
  RECONCILIATION,
  /** An operator, or a later checkout, asked for another look. */
  MANUAL,
  /** Our own side made it: it works an effect off. */
  EFFECT,
  /** A word of a newer version: such an event is shown and never claimed. */
  UNKNOWN;

  /** Those that a caller may ask for. */
  public static final List<EventOrigin> KNOWN = List.of(WEBHOOK, RECONCILIATION, MANUAL, EFFECT);

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static EventOrigin of(String code) {
    for (EventOrigin origin : KNOWN) {
      if (origin.code().equals(code)) {
        return origin;
      }
    }
    return UNKNOWN;
  }
}

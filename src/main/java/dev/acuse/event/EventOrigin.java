package dev.acuse.event;

import java.util.Locale;

/** How an event came to be here. */
public enum EventOrigin {
  /** A provider delivered it. */
  WEBHOOK,
  /** We asked the provider what changed, and this was missing here. */
  RECONCILIATION,
  /** An operator, or a later checkout, asked for another look. */
  MANUAL;

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}

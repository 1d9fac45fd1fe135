package dev.acuse.console.session;

import java.util.Locale;

/** What a user of the console may do. */
public enum Role {
  /** Sees everything but personal data, and changes nothing. */
  VIEWER,
  /** Sees and does everything. */
  OPERATOR;

  /** The word used in the configuration. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}

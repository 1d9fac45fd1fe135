package dev.acuse.account;

import java.util.Locale;

/** What becomes of an account's webhooks. */
public enum AccountState {
  /** They are stored and worked off. */
  ACTIVE,
  /** They are stored, and their lanes are not claimed from. */
  PAUSED,
  /** Its address still answers; what is verified is kept as of an unknown account. */
  DISCONNECTED;

  /** As stored and shown. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The state of a word as stored.
   *
   * @throws IllegalArgumentException if this version knows no such state
   */
  public static AccountState of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}

package dev.acuse.effect;

import java.util.Locale;

/** What is wanted of the other system. */
public enum Wanted {
  /** It shall be so. */
  PRESENT,
  /** Nothing wants it any more, and it stays as it is: nothing is called. */
  LEAVE,
  /** It shall not be so any more, as far as Acuse made it so. */
  NONE,
  /** A word of a newer version. */
  UNKNOWN;

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static Wanted of(String code) {
    for (Wanted wanted : values()) {
      if (wanted != UNKNOWN && wanted.code().equals(code)) {
        return wanted;
      }
    }
    return UNKNOWN;
  }
}

package dev.acuse.doctor;

import java.util.Locale;

/** How much a finding matters; the later one matters more. */
public enum Level {
  /** There is nothing to do. */
  OK,
  /** It works, and something could be better. */
  ADVICE,
  /** Something does not work, or will not. */
  WRONG;

  /** A stable word. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level of such a word; a word that a newer version may have is no more than advice. */
  static Level of(String code) {
    for (Level level : values()) {
      if (level.code().equals(code)) {
        return level;
      }
    }
    return ADVICE;
  }
}

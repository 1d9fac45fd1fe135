package dev.acuse.dispute;

import java.util.List;
import java.util.Locale;

/** How a dispute stands. */
public enum DisputeState {
  /** It is not decided yet. */
  OPEN,
  /** The seller keeps the money, or has it back. */
  WON,
  /** The buyer has it. */
  LOST,
  /** It is over, and nothing says for whom it was decided. */
  CLOSED,
  /** Its case cannot be read, and its payments don't tell. Also a word of a newer version. */
  UNKNOWN;

  /** Those that a caller may ask for. */
  public static final List<DisputeState> KNOWN = List.of(values());

  /** Whether nothing more comes of it. */
  public boolean isOver() {
    return this == WON || this == LOST || this == CLOSED;
  }

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static DisputeState of(String code) {
    return KNOWN.stream().filter(state -> state.code().equals(code)).findFirst().orElse(UNKNOWN);
  }
}

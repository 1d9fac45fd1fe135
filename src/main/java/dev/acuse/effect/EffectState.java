package dev.acuse.effect;

import java.util.List;
import java.util.Locale;

/** How an effect stands. */
public enum EffectState {
  /** Its event is to be worked off, or is being. */
  WAITING,
  /** The other system is as wanted, or nothing is wanted of it any more. */
  DONE,
  /** Its event is out of attempts, or the other system refused for good. */
  FAILED,
  /** An operator ended its event. */
  GIVEN_UP,
  /** Reserved for what would be done twice after a restored backup: this version holds none. */
  HELD,
  /** A word of a newer version. */
  UNKNOWN;

  /** Those that a caller may ask for. */
  public static final List<EffectState> KNOWN = List.of(WAITING, DONE, FAILED, GIVEN_UP, HELD);

  /** Whether a person may have such an effect worked off once more. */
  public boolean mayBeRetried() {
    return this == DONE || this == FAILED || this == GIVEN_UP;
  }

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static EffectState of(String code) {
    for (EffectState state : values()) {
      if (state != UNKNOWN && state.code().equals(code)) {
        return state;
      }
    }
    return UNKNOWN;
  }
}

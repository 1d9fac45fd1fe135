package dev.acuse.desk;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a credential can or cannot do.
 *
 * @param name a stable word
 * @param isGiven null if it cannot be told
 * @param isNeeded whether the account lacks something without it
 * @param sentence for people; it holds no secret
 */
public record Ability(String name, @Nullable Boolean isGiven, boolean isNeeded, String sentence) {
  static Ability yes(String name, String sentence) {
    return new Ability(name, true, true, sentence);
  }

  static Ability no(String name, String sentence) {
    return new Ability(name, false, true, sentence);
  }

  /** It is needed, and cannot be told. */
  static Ability untold(String name, String sentence) {
    return new Ability(name, null, true, sentence);
  }

  /** It may be so or not, and nothing depends on it. */
  static Ability aside(String name, @Nullable Boolean isGiven, String sentence) {
    return new Ability(name, isGiven, false, sentence);
  }

  /** Whether the account lacks nothing because of it. */
  boolean isGood() {
    return !isNeeded || Boolean.TRUE.equals(isGiven);
  }
}

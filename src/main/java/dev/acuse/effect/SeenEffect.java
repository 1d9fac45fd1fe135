package dev.acuse.effect;

import java.util.Collection;
import java.util.Optional;

/**
 * An effect as a reader sees it. Its words are as they are stored, because a newer version may have
 * written one that this version reads as unknown.
 *
 * @param kind the word of {@link Effect#kind}
 * @param wanted the word of {@link Effect#wanted}
 * @param state the word of {@link Effect#state}
 */
public record SeenEffect(Effect effect, String kind, String wanted, String state) {

  /** Whether a person may have it worked off once more. */
  public boolean mayBeRetried() {
    return effect.wanted() == Wanted.PRESENT && effect.state().mayBeRetried();
  }

  /**
   * Of what wants it the newest that one of these subjects has; empty if none of them wants it.
   *
   * @param subjects of whom is spoken; if there are none, any reason will do
   */
  public Optional<Effect.Reason> reason(Collection<Subject> subjects) {
    // The reasons are in order, so the last one has the highest version.
    return effect.reasons().stream()
        .filter(reason -> subjects.isEmpty() || subjects.contains(reason.subject()))
        .reduce((older, newer) -> newer);
  }
}

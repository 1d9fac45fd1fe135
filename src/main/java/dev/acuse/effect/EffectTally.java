package dev.acuse.effect;

import java.util.Collection;

/**
 * How many effects stand how. Those that an operator gave up, that are held, or that are in a state
 * of a newer version are in none of the numbers.
 */
public record EffectTally(int waiting, int done, int failed) {
  /** Of no effects. */
  public static final EffectTally NONE = new EffectTally(0, 0, 0);

  /** Of effects in these states. */
  public static EffectTally of(Collection<EffectState> states) {
    return new EffectTally(
        count(states, EffectState.WAITING),
        count(states, EffectState.DONE),
        count(states, EffectState.FAILED));
  }

  private static int count(Collection<EffectState> states, EffectState counted) {
    return Math.toIntExact(states.stream().filter(state -> state == counted).count());
  }
}

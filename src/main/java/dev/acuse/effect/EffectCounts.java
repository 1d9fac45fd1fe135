package dev.acuse.effect;

/**
 * How the effects of a subject stand after it was judged.
 *
 * @param wanted how many the subject wants
 * @param waiting how many of these are to be carried out
 */
public record EffectCounts(int wanted, int waiting) {
  /** None. */
  public static final EffectCounts NONE = new EffectCounts(0, 0);
}

package dev.acuse.effect;

import java.util.Comparator;

/**
 * What a judgement wants of another system.
 *
 * @param target whom it is done to, as the other system names that; at most 128 characters
 * @param name which one of its kind; empty where the kind has only one; at most 256 characters
 * @param rule which rule wants it; at most 64 characters
 */
public record EffectWish(EffectKind kind, String target, String name, String rule) {
  /** In the order of the effect's key, in which rows are inserted. */
  static final Comparator<EffectWish> BY_KEY =
      Comparator.comparing((EffectWish wish) -> wish.kind().code())
          .thenComparing(EffectWish::target)
          .thenComparing(EffectWish::name);

  /**
   * A contact wears a tag.
   *
   * @param contactId the CRM's
   */
  public static EffectWish tag(String contactId, String tag, String rule) {
    return new EffectWish(EffectKind.TAG, contactId, tag, rule);
  }

  /** The CRM's contact of a subject's payer is found. */
  public static EffectWish contactOf(Subject subject, String rule) {
    return new EffectWish(EffectKind.FIND_CONTACT, subject.code(), "", rule);
  }

  boolean isSameEffectAs(EffectWish other) {
    return BY_KEY.compare(this, other) == 0;
  }
}

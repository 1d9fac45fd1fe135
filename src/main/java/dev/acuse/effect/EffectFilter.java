package dev.acuse.effect;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which effects are meant; what is null does not narrow them.
 *
 * @param accountId only those of this account
 * @param subjects only what one of these wants; if the set is empty, nothing matches
 */
public record EffectFilter(
    @Nullable Long accountId,
    @Nullable Set<Subject> subjects,
    @Nullable EffectKind kind,
    @Nullable EffectState state) {

  /** Every effect. */
  public static final EffectFilter ALL = new EffectFilter(null, null, null, null);

  /** Copies the set. */
  public EffectFilter {
    subjects = subjects == null ? null : Set.copyOf(subjects);
  }

  /** Only effects of this kind; any for null. */
  public EffectFilter withKind(@Nullable EffectKind only) {
    return new EffectFilter(accountId, subjects, only, state);
  }

  /** Only effects in this state; in any for null. */
  public EffectFilter withState(@Nullable EffectState only) {
    return new EffectFilter(accountId, subjects, kind, only);
  }

  /** Only what one of these subjects wants; whatever its reason for null. */
  public EffectFilter wantedBy(@Nullable Set<Subject> only) {
    return new EffectFilter(accountId, only, kind, state);
  }

  /** Only effects of this account; of any for null. */
  public EffectFilter ofAccount(@Nullable Long only) {
    return new EffectFilter(only, subjects, kind, state);
  }
}

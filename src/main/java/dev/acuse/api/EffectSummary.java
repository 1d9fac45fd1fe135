package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.effect.Effect;
import dev.acuse.effect.SeenEffect;
import dev.acuse.effect.Subject;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An effect in the answer of what it follows from.
 *
 * @param rule which rule of its subject wants it; null if nothing does any more
 * @param version of the account's rules; 0 is the configuration's
 */
@JsonNaming(SnakeCaseStrategy.class)
record EffectSummary(
    long id,
    String kind,
    String target,
    String name,
    String wanted,
    String state,
    @Nullable String rule,
    @Nullable Long version,
    @Nullable Long eventId,
    Instant updatedAt) {

  /**
   * @param subjects of whom the answer tells; if there are none, any reason of the effect will do
   */
  static EffectSummary of(SeenEffect seen, Set<Subject> subjects) {
    Effect effect = seen.effect();
    Effect.Reason reason = seen.reason(subjects).orElse(null);
    return new EffectSummary(
        effect.id(),
        seen.kind(),
        effect.target(),
        effect.name(),
        seen.wanted(),
        seen.state(),
        reason == null ? null : reason.rule(),
        reason == null ? null : reason.version(),
        effect.eventId(),
        effect.updatedAt());
  }
}

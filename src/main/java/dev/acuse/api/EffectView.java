package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.effect.Effect;
import dev.acuse.effect.SeenEffect;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An effect with everything that is known of it.
 *
 * @param account the name of the account whose it is
 * @param generation grows when what is wanted changes
 * @param doneGeneration the latest that was carried out; 0 if none was
 * @param error what the latest attempt met; null unless it failed
 */
@JsonNaming(SnakeCaseStrategy.class)
record EffectView(
    @JsonUnwrapped EffectSummary summary,
    String account,
    long generation,
    long doneGeneration,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant doneAt,
    List<ReasonView> reasons) {

  /** One thing that wants it: a checkout or a payment, by our id. */
  record ReasonView(String subject, String rule, long version) {}

  static EffectView of(SeenEffect seen, AccountNames names) {
    Effect effect = seen.effect();
    return new EffectView(
        EffectSummary.of(seen, Set.of()),
        names.ofOne(effect.accountId()),
        effect.generation(),
        effect.doneGeneration(),
        effect.error(),
        effect.createdAt(),
        effect.doneAt(),
        effect.reasons().stream()
            .map(reason -> new ReasonView(reason.subject().code(), reason.rule(), reason.version()))
            .toList());
  }
}

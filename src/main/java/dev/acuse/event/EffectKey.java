package dev.acuse.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which state of an effect an event works off.
 *
 * @param effectId the effect's
 * @param generation the number of what was wanted when the event was made; from 1 on
 */
public record EffectKey(long effectId, long generation) {
  /** How each such key begins, and no other. */
  public static final String PREFIX = "effect:";

  private static final Pattern FORM = Pattern.compile(PREFIX + "([0-9]{1,18}):([0-9]{1,18})");

  /** As the idempotency key of the event. */
  public String webhookId() {
    return PREFIX + effectId + ":" + generation;
  }

  /** Reads {@link #webhookId()} back; empty if that is the key of another kind of event. */
  public static Optional<EffectKey> of(String webhookId) {
    Matcher matcher = FORM.matcher(webhookId);
    return matcher.matches()
        ? Optional.of(
            new EffectKey(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }
}

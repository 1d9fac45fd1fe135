package dev.acuse.inbox;

import dev.acuse.event.EffectKey;
import org.jspecify.annotations.Nullable;

/**
 * What became of an event that works an effect off.
 *
 * @param key which state of which effect
 * @param eventId the event's
 * @param error why it failed, in one line for people; null unless it did
 */
public record EffectChange(EffectKey key, long eventId, Kind kind, @Nullable String error) {

  /** What became of it. */
  public enum Kind {
    /** It was carried out. */
    DONE,
    /** It ended without a call. */
    IGNORED,
    /** It ended for good without success. */
    FAILED,
    /** An operator ended it. */
    GIVEN_UP,
    /** An operator made it due once more. */
    RETRIED,
    /** Its row is deleted. */
    PURGED,
    /** An attempt ended whose lease was lost: whether it called the other side is not known. */
    LOST
  }
}

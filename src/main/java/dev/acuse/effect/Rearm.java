package dev.acuse.effect;

import dev.acuse.event.EventOrigin;
import dev.acuse.event.WebhookEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That what failed for a subject is worked off once more. A further notification is no reason for
 * that, because it may come a thousand times.
 *
 * @param askedAt when it was asked for, by the database's clock: what failed later has met the
 *     answer already, so that a repeated attempt does not arm it twice
 * @param isByPerson whether a person asked for it, and not a comparison
 */
public record Rearm(Instant askedAt, boolean isByPerson) {

  /** What an event asks for; null if nothing of the kind. */
  public static @Nullable Rearm of(WebhookEvent event) {
    Instant retriedAt = event.retriedAt();
    if (event.isAsked()) {
      return new Rearm(retriedAt == null ? event.receivedAt() : retriedAt, true);
    }
    return event.origin() == EventOrigin.RECONCILIATION
        ? new Rearm(event.receivedAt(), false)
        : null;
  }

  boolean means(EffectDao.Standing standing) {
    return means(standing.wish().kind(), standing.state(), standing.updatedAt());
  }

  boolean means(EffectRow row) {
    return means(EffectKind.of(row.kind()), row.state(), row.updatedAt());
  }

  /** A search that found no contact has gone well, and only a person knows that it would now. */
  private boolean means(EffectKind kind, EffectState state, Instant updatedAt) {
    boolean isOver =
        state == EffectState.FAILED
            || (isByPerson && kind == EffectKind.FIND_CONTACT && state == EffectState.DONE);
    return isOver && !updatedAt.isAfter(askedAt);
  }
}

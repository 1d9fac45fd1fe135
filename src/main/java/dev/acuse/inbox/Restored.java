package dev.acuse.inbox;

import java.time.Instant;

/**
 * The inbox is a restored backup: what was acknowledged between the two moments is not in it, and
 * no book can tell of it.
 *
 * @param takenAt the moment that the backup is of
 * @param restoredAt when it was put in place
 */
public record Restored(Instant takenAt, Instant restoredAt) {
  /** As a sentence, with what makes up for the gap. */
  public String sentence() {
    return ("the inbox is a backup of %s, restored at %s: the books know nothing of what was"
            + " acknowledged in between; reconciliation fetches the payments that changed")
        .formatted(takenAt, restoredAt);
  }
}

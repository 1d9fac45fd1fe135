package dev.acuse.effect;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tag of a contact as a version without effects has written it down.
 *
 * @param reasons what wants it now, each by a rule of version 0; none if it is not due any more
 * @param isOutstanding whether it is due and not known to be on its contact
 * @param appliedAt when it was put on, for the last time; null if it never was
 * @param since when it was first due
 */
public record FoundTag(
    String contactId,
    String tag,
    List<Effect.Reason> reasons,
    boolean isOutstanding,
    @Nullable Instant appliedAt,
    Instant since) {

  /** Copies the list. */
  public FoundTag {
    reasons = List.copyOf(reasons);
  }
}

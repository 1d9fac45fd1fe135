package dev.acuse.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a contact's tag was first due and last put on, of the rows of several payments. */
final class TagTimes {
  private Instant first = Instant.MAX;
  private @Nullable Instant lastApplied;

  void add(TagCarryOverDao.Row row) {
    if (row.createdAt().isBefore(first)) {
      first = row.createdAt();
    }
    Instant applied = row.appliedAt();
    if (applied != null && (lastApplied == null || applied.isAfter(lastApplied))) {
      lastApplied = applied;
    }
  }

  /** Of at least one row. */
  Instant first() {
    return first;
  }

  /** Null if none was put on. */
  @Nullable Instant lastApplied() {
    return lastApplied;
  }
}

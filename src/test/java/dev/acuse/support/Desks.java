package dev.acuse.support;

import dev.acuse.event.KnownAccounts;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.PurgePace;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/** Desks for tests: they tell no dispatcher, and their purges do not rest. */
public final class Desks {
  private Desks() {}

  /** One for the events of {@code main}, the only account. */
  public static EventOperations of(Jdbi jdbi, InstantSource clock, int maxAttempts) {
    return of(jdbi, clock, maxAttempts, TestAccounts.MAIN_ALONE);
  }

  /** One for the events of these accounts. */
  public static EventOperations of(
      Jdbi jdbi, InstantSource clock, int maxAttempts, KnownAccounts known) {
    return new EventOperations(
        jdbi,
        clock,
        AttemptsAllowed.always(maxAttempts),
        new DueSignal(),
        PurgePace.restless(),
        known);
  }
}

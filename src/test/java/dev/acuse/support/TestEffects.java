package dev.acuse.support;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.effect.Effects;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.Outbox;
import java.time.InstantSource;

/** Effects whose events no dispatcher is told of. */
public final class TestEffects {
  /** GoHighLevel's location in tests. */
  public static final String LOCATION = "location1";

  private TestEffects() {}

  /** Effects by this clock. */
  public static Effects of(InstantSource clock) {
    return new Effects(
        new Outbox(clock, 5, new SyncFailure(() -> {}), new DueSignal()), clock, LOCATION);
  }
}

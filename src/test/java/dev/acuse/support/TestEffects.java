package dev.acuse.support;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.effect.CrmLanes;
import dev.acuse.effect.EffectSteps;
import dev.acuse.effect.Effects;
import dev.acuse.event.EffectKey;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.DueSignal;
import dev.acuse.inbox.EffectChange;
import dev.acuse.inbox.Outbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;

/** Effects whose events no dispatcher is told of. */
public final class TestEffects {
  /** GoHighLevel's location in tests. */
  public static final String LOCATION = "location1";

  private TestEffects() {}

  /** Effects by this clock. */
  public static Effects of(InstantSource clock) {
    return new Effects(
        new Outbox(clock, AttemptsAllowed.always(5), new SyncFailure(() -> {}), new DueSignal()),
        clock,
        CrmLanes.at(LOCATION));
  }

  /** Ends the events of all effects that wait, as if each call had gone well, or been refused. */
  public static void end(Jdbi jdbi, InstantSource clock, EffectChange.Kind kind) {
    jdbi.useTransaction(
        handle -> {
          List<EffectChange> changes =
              handle
                  .createQuery(
                      "SELECT id, generation, event_id FROM effects WHERE state = 'waiting'")
                  .map(
                      (row, context) ->
                          new EffectChange(
                              new EffectKey(row.getLong("id"), row.getLong("generation")),
                              row.getLong("event_id"),
                              kind,
                              kind == EffectChange.Kind.FAILED ? "refused" : null))
                  .list();
          handle.execute(
              "UPDATE webhook_events SET status = ?, finished_at = ?, next_retry_at = NULL"
                  + " WHERE status = 'pending' AND origin = 'effect'",
              kind == EffectChange.Kind.FAILED ? "failed" : "success",
              clock.instant());
          new EffectSteps(of(clock)).follow(handle, changes, clock.instant());
        });
  }

  /** Waits until no effect is to be carried out any more. */
  public static void awaitCarriedOut(Jdbi jdbi) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                jdbi.withHandle(
                        handle ->
                            handle
                                .createQuery("SELECT COUNT(*) FROM effects WHERE state = 'waiting'")
                                .mapTo(Long.class)
                                .one())
                    == 0);
  }
}

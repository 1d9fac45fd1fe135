package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.sandbox.PaymentAnnouncer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a demo says at its end, when it went on for long. */
class DemoBooksIT {
  private static final int EVENTS = 230;

  @Test
  void eachEventThatWasTriedAgainIsCountedHoweverManyThereAre() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      Events.insert(database.jdbi(), EVENTS, EventStatus.SUCCESS, InstantSource.system().instant());
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("UPDATE webhook_events SET attempts = 2 WHERE MOD(id, 2) = 0");
                handle.execute(
                    "UPDATE webhook_events SET outages = 1, attempts = 1 WHERE id <= 20");
                handle.execute("UPDATE webhook_events SET origin = 'effect' WHERE id > 200");
              });
      long triedAgain = database.count("webhook_events WHERE attempts + outages > 1");
      var announcer =
          new PaymentAnnouncer(
              sandbox.notifier(acuse.url("/webhooks/mp")), 1, List.of(Duration.ofSeconds(1)));

      List<String> summary = new DemoBooks(sandbox, announcer, acuse.url("/")).summary();

      assertThat(triedAgain).isGreaterThan(100);
      assertThat(summary)
          .contains(
              "  %d events were tried again, because a look-up or a tag had failed"
                  .formatted(triedAgain));
    }
  }
}

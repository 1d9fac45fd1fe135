package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Slow queries hold every connection but those of the intake. */
class IntakePoolIT {
  private static final int CONNECTIONS = 2;

  @Test
  void webhookIsStoredWhileQueriesOfOthersHoldAllTheirConnections() {
    ExecutorService readers = Executors.newFixedThreadPool(CONNECTIONS);
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var acuse =
            RunningAcuse.start(
                database,
                sandbox,
                Map.of("database.maxSize", String.valueOf(CONNECTIONS), "database.minSize", "1"));
        var lock = database.jdbi().open()) {
      lock.begin();
      lock.execute("LOCK TABLE checkouts IN ACCESS EXCLUSIVE MODE");
      List<CompletableFuture<Integer>> stuck = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        stuck.add(
            CompletableFuture.supplyAsync(() -> acuse.get("/api/checkouts").statusCode(), readers));
      }
      await().until(() -> waiting(database) == CONNECTIONS);

      assertThat(acuse.send(sandbox.notifications().paymentCreated("138400000001")).status())
          .isEqualTo(200);
      assertThat(acuse.get("/api/webhook-events").statusCode())
          .as("others wait, and say so")
          .isEqualTo(503);

      lock.rollback();
      assertThat(stuck).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
    } finally {
      readers.shutdownNow();
    }
  }

  private static int waiting(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT COUNT(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """)
                    .mapTo(Integer.class)
                    .one());
  }
}

package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that freezes for longer than its leases, beside one that goes on. */
@Tag("slow")
class FencingIT {
  private static final int SALES = 6;

  /** A lease lists also what has ended since, until all of it has. */
  private static final String HELD =
      """
      SELECT e.id::text FROM webhook_leases l
      CROSS JOIN unnest(l.event_ids, l.claim_nos) AS held (id, claim_no)
      JOIN webhook_events e ON e.id = held.id AND e.claim_no = held.claim_no - 1
      WHERE e.status = 'pending'
      """;

  @Test
  void aProcessThatWasFrozenForLongerThanItsLeaseChangesNothingWhenItComesBack() throws Exception {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        AcuseProcess frozen = AcuseProcess.start(database, sandbox, Map.of())) {
      workUnderWay(frozen, sandbox);
      freeze(frozen, database);
      List<String> held = strings(database, HELD);
      assertThat(held).as("leased to the frozen one").isNotEmpty();
      sandbox.goHighLevel().faults().none();

      try (AcuseProcess other = AcuseProcess.start(database, sandbox, Map.of())) {
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(done(database)).as("taken over").hasSize(SALES));
        List<String> before = everything(database);

        frozen.signal("CONT");
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> occurrences(frozen.output(), "lease lost") >= held.size());

        assertThat(everything(database)).isEqualTo(before);
        assertThat(fenced(frozen)).isGreaterThanOrEqualTo(held.size());
        assertThat(fenced(other)).as("it has lost no lease").isZero();
        assertThat(done(database)).hasSize(SALES);
      }
      for (int i = 0; i < SALES; i++) {
        assertThat(sandbox.goHighLevel().tagsOf("contact" + i)).containsExactly("pago_confirmado");
        assertThat(sandbox.goHighLevel().tagCalls("contact" + i)).hasSizeBetween(1, 2);
      }
    }
  }

  private static double fenced(AcuseProcess acuse) {
    return acuse
        .admin("/metrics/prometheus")
        .lines()
        .filter(line -> line.startsWith("acuse_attempts_fenced_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static List<String> done(TestDatabase database) {
    return strings(database, "SELECT target FROM effects WHERE state = 'done'");
  }

  /** Every effect is being carried out, and waits for the CRM. */
  private static void workUnderWay(AcuseProcess acuse, Sandbox sandbox) throws IOException {
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < SALES; i++) {
      payments.add(Sales.sell(acuse, sandbox, i));
    }
    sandbox.goHighLevel().faults().latency(Duration.ofSeconds(8));
    for (String payment : payments) {
      Sales.notify(acuse, sandbox, payment);
    }
    await().until(() -> sandbox.goHighLevel().tagCalls().size() == SALES);
  }

  /** Stops the process at a moment when it has no transaction open, whose locks would remain. */
  private static void freeze(AcuseProcess acuse, TestDatabase database) {
    await()
        .until(
            () -> {
              acuse.signal("STOP");
              boolean holdsNothing = strings(database, OPEN_TRANSACTIONS).isEmpty();
              if (!holdsNothing) {
                acuse.signal("CONT");
              }
              return holdsNothing;
            });
  }

  private static final String OPEN_TRANSACTIONS =
      """
      SELECT pid::text FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
      """;

  /** What a finished attempt could change: events, attempts and effects. */
  private static List<String> everything(TestDatabase database) {
    return strings(
        database,
        """
        SELECT CONCAT_WS('|', webhook_id, status, attempts, rescues, claim_no, finished_at)
          FROM webhook_events
        UNION ALL
        SELECT CONCAT_WS('|', event_id, number, worker, outcome, finished_at) FROM webhook_attempts
        UNION ALL
        SELECT CONCAT_WS('|', target, name, generation, state, done_at) FROM effects
        ORDER BY 1
        """);
  }

  private static List<String> strings(TestDatabase database, String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static int occurrences(String text, String part) {
    return text.split(part, -1).length - 1;
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A row with words of a newer version is shown, breaks nothing, and is never claimed. */
class UnknownWordsIT {

  @ParameterizedTest
  @EnumSource
  void whatANewerVersionWroteIsShownAndLeftAlone(Engine engine) throws Exception {
    try (TestDatabase database = TestDatabase.open(engine);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.jdbi().useHandle(UnknownWordsIT::write);
      try (RunningAcuse acuse = RunningAcuse.start(database, sandbox, Map.of())) {
        for (String path :
            List.of(
                "/api/webhook-events",
                "/api/webhook-events/1001",
                "/api/webhook-events/1002",
                "/api/webhook-events/1003",
                "/api/webhook-events/1004",
                "/api/stats",
                "/api/payments",
                "/console/events",
                "/console/events/1001",
                "/console/events/1002",
                "/console/events/1003",
                "/console/events/1004",
                "/console/health",
                "/console/payments")) {
          var answer = acuse.get(path);
          assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        }
        JsonNode parked = RunningAcuse.json(acuse.get("/api/webhook-events/1001"));
        assertThat(parked.path("status").asText()).isEqualTo("unknown");
        assertThat(parked.path("signature").asText()).isEqualTo("unknown");
        assertThat(parked.path("origin").asText()).isEqualTo("unknown");

        // Something else that is due has been worked off meanwhile.
        assertThat(
                sandbox
                    .notifier(acuse.url("/webhooks/mp"))
                    .send(sandbox.notifications().simulated())
                    .status())
            .isEqualTo(200);
        await()
            .until(
                () ->
                    database.count(
                            "webhook_events WHERE claim_no > 0 AND status IN ('ignored', 'success')")
                        == 1);
        assertThat(database.count("webhook_events WHERE id BETWEEN 1001 AND 1004 AND claim_no = 0"))
            .as("never claimed")
            .isEqualTo(4);
      }
    }
  }

  private static void write(Handle handle) {
    // A newer version drops what speaks against its words.
    for (String check : List.of("status", "signature")) {
      handle.execute(
          "ALTER TABLE webhook_events DROP CONSTRAINT webhook_events_" + check + "_check");
    }
    handle.execute("ALTER TABLE webhook_attempts DROP CONSTRAINT webhook_attempts_outcome_check");
    insert(handle, 1001, "parked", "sealed", "broadcast", "mp:1", "payment");
    insert(handle, 1002, "pending", "verified", "broadcast", "mp:1", "payment");
    insert(handle, 1003, "pending", "unchecked", "webhook", "fax:7", "payment");
    insert(handle, 1004, "pending", "unchecked", "effect", "crm:account:1", "hologram");
    handle.execute(
        """
        INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
          steps)
        VALUES (1001, 1, 'newer', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'transcended', '[]')
        """);
  }

  private static void insert(
      Handle handle,
      long id,
      String status,
      String signature,
      String origin,
      String lane,
      String type) {
    handle.execute(
        """
        INSERT INTO webhook_events (id, webhook_id, source, event_type, resource_id, status,
          max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
          last_delivered_at, origin, lane, received_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, 4, CURRENT_TIMESTAMP, ?, 0, '{}', ?, CURRENT_TIMESTAMP, ?, ?,
          CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
        """,
        id,
        "newer:" + id,
        origin.equals("effect") ? "acuse" : "mp",
        type,
        String.valueOf(id),
        status,
        new byte[0],
        signature,
        origin,
        lane);
  }
}

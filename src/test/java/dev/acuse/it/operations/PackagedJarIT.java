package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code mvn package} makes, started as the README says. */
class PackagedJarIT {

  @Test
  void theJarTakesAndListsAWebhookAsSoonAsItIsUp() throws Exception {
    try (TestDatabase database = TestDatabase.open(Engine.H2);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.disconnect();
      try (AcuseProcess acuse = AcuseProcess.startJar(database, sandbox, Map.of())) {
        // Bodyless, and each the first of its kind in a cold process: neither may count as slow.
        assertThat(acuse.post("/webhooks/mp?topic=payment&id=123", "")).isEqualTo(200);
        assertThat(acuse.items("/api/webhook-events")).hasSize(1);
        await()
            .untilAsserted(
                () ->
                    assertThat(acuse.items("/api/webhook-events"))
                        .singleElement()
                        .extracting(event -> event.path("status").asText())
                        .isEqualTo("ignored"));
        assertThat(acuse.terminate()).isIn(0, 143);
      }
    }
  }
}

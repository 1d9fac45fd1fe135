package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service finds its H2 file broken, and goes on. */
@Tag("slow")
class BrokenFileIT {
  private static final int SALES = 12;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init")
  private TestDatabase database;

  @BeforeEach
  void leaveTheFileToTheProcess() {
    database = TestDatabase.openH2In(folder);
    database.disconnect();
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void nothingAcknowledgedIsMissingAndPeopleAreTold() throws Exception {
    Set<String> payments = new HashSet<>();
    try (AcuseProcess acuse = start()) {
      for (int i = 0; i < SALES; i++) {
        String payment = Sales.sell(acuse, sandbox, i);
        Sales.notify(acuse, sandbox, payment);
        payments.add(payment);
      }
      await().until(() -> acuse.items("/api/webhook-events?status=success").size() == SALES);
    }
    byte[] broken = new byte[50_000];
    Files.write(folder.resolve("acuse.mv.db"), broken);

    try (AcuseProcess acuse = start()) {
      await().until(() -> acuse.items("/api/webhook-events?status=success").size() >= SALES);
      Set<String> found = new HashSet<>();
      for (JsonNode event : acuse.items("/api/webhook-events?limit=100")) {
        found.add(event.path("resource_id").asText());
      }
      assertThat(found).containsAll(payments);
      assertThat(acuse.items("/api/checkouts?limit=100")).hasSize(SALES);
      await().until(() -> !acuse.json("/api/stats").path("unaccounted").isNull());
      assertThat(acuse.json("/api/stats").path("unaccounted").asInt()).isZero();
      assertThat(acuse.output()).contains("was made anew");
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, SALES));
      await()
          .until(() -> acuse.items("/api/webhook-events?status=success&limit=500").size() > SALES);
    }
    assertThat(kept()).singleElement().satisfies(file -> assertThat(file).hasBinaryContent(broken));
    assertThat(alerts()).singleElement().asString().contains("made anew");
  }

  /** Read from the file itself, once no process has it open. */
  private List<String> alerts() {
    return Jdbi.create(database.url(), database.user(), database.password())
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT text FROM alerts WHERE kind = 'database-rebuilt'")
                    .mapTo(String.class)
                    .list());
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return new ArrayList<>(
          all.filter(file -> file.getFileName().toString().startsWith("acuse.broken-")).toList());
    }
  }

  private AcuseProcess start() {
    return AcuseProcess.start(database, sandbox, Map.of("ACUSE_ALERT_EVERY", "200ms"));
  }
}

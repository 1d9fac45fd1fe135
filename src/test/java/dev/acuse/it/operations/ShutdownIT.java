package dev.acuse.it.operations;

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
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The service as a process that is asked to end while it works, on both engines. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class ShutdownIT {
  private static final int SALES = 12;

  /** What the JVM ends with after SIGTERM, once all has been stopped in order: 128 + 15. */
  private static final int ENDED_BY_SIGTERM = 143;

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  ShutdownIT(Engine engine) {
    database = TestDatabase.open(engine);
  }

  @BeforeEach
  void leaveTheFileToTheProcess() {
    database.disconnect();
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void whatRunsWhenTheProcessIsAskedToEndIsFinishedAndTheRestIsLeftAsItWas() throws Exception {
    AcuseProcess acuse = start(Map.of());
    workUnderWay(acuse, Duration.ofSeconds(1));

    assertThat(acuse.terminate()).isEqualTo(ENDED_BY_SIGTERM);

    assertThat(count("SELECT COUNT(*) FROM webhook_leases")).isZero();
    assertThat(count("SELECT COUNT(*) FROM webhook_events WHERE rescues > 0")).isZero();
    assertThat(count("SELECT COUNT(*) FROM webhook_events WHERE status = 'success'"))
        .as("what ran was finished")
        .isGreaterThanOrEqualTo(1);
    allEndWellAfterANewStart(1);
  }

  @Test
  void callsThatHangDoNotKeepTheProcessAliveAndTheirEventsAreHandedBack() throws Exception {
    AcuseProcess acuse = start(Map.of("ACUSE_SHUTDOWN_GRACE", "0s"));
    workUnderWay(acuse, Duration.ofSeconds(9));

    assertThat(acuse.terminate()).isEqualTo(ENDED_BY_SIGTERM);

    assertThat(count("SELECT COUNT(*) FROM webhook_events WHERE status = 'pending'"))
        .as("of each sale its webhook, or the tag that follows from it")
        .isEqualTo(SALES);
    assertThat(
            count("SELECT COUNT(*) FROM webhook_events WHERE attempts > 0 AND status = 'pending'"))
        .as("an attempt that was cut short does not count")
        .isZero();
    assertThat(count("SELECT COUNT(*) FROM webhook_attempts WHERE outcome = 'released'"))
        .isGreaterThanOrEqualTo(4);
    allEndWellAfterANewStart(2);
  }

  private AcuseProcess start(Map<String, String> environment) {
    return AcuseProcess.start(database, sandbox, environment);
  }

  /** More events than workers, all of them slow at the CRM. */
  private void workUnderWay(AcuseProcess acuse, Duration latency) throws IOException {
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < SALES; i++) {
      payments.add(Sales.sell(acuse, sandbox, i));
    }
    sandbox.goHighLevel().faults().latency(latency);
    for (String payment : payments) {
      Sales.notify(acuse, sandbox, payment);
    }
    await()
        .until(
            () -> acuse.items("/api/webhook-events?status=processing&origin=effect").size() >= 4);
  }

  private void allEndWellAfterANewStart(int mostCalls) {
    sandbox.goHighLevel().faults().none();
    try (AcuseProcess again = start(Map.of())) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                assertThat(again.items("/api/webhook-events?status=success&limit=500"))
                    .hasSize(SALES)
                    .allMatch(event -> event.path("rescues").asInt() == 0);
                assertThat(
                        again.items("/api/webhook-events?status=success&origin=effect&limit=500"))
                    .hasSize(SALES)
                    .allMatch(event -> event.path("rescues").asInt() == 0);
              });
    }
    for (int i = 0; i < SALES; i++) {
      assertThat(sandbox.goHighLevel().tagsOf("contact" + i)).containsExactly("pago_confirmado");
      assertThat(sandbox.goHighLevel().tagCalls("contact" + i)).hasSizeBetween(1, mostCalls);
    }
  }

  /** Read from the database itself, once no process has it open. */
  private long count(String sql) {
    return Jdbi.create(database.url(), database.user(), database.password())
        .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code process}, as cron runs it. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class ProcessCommandIT {
  private static final long COLLECTOR = 1;

  private final Engine engine;
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  ProcessCommandIT(Engine engine) {
    this.engine = engine;
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void eachRunWorksOffWhatIsDueUpToItsLimit() {
    for (int i = 0; i < 5; i++) {
      store().append(Events.of("e" + i, pay()));
    }
    database.disconnect();

    assertThat(run("--limit", "3").lastLine())
        .isEqualTo("3 attempts; of the events, 3 are now success");
    assertThat(run().lastLine()).isEqualTo("2 attempts; of the events, 2 are now success");
    assertThat(run().lastLine()).isEqualTo("nothing is due");

    assertThat(left()).containsEntry(EventStatus.SUCCESS, 5L);
  }

  @Test
  void pausedInboxIsLeftAlone() {
    store().append(Events.of("a", pay()));
    operations().pause("ana");
    database.disconnect();

    assertThat(run().lastLine()).startsWith("the inbox is paused since").contains("by ana");

    assertThat(left()).containsEntry(EventStatus.PENDING, 1L);
  }

  @Test
  void loopGoesOnUntilItIsStoppedAndHandsBackWhatItHolds() {
    store().append(Events.of("a", pay()));
    database.disconnect();
    try (AcuseCommand loop =
        AcuseCommand.start(database, sandbox, "process", "--loop", "--every", "100ms")) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  loop.output().contains("1 are now success")
                      && loop.output().contains("nothing is due"));

      assertThat(loop.terminate().status()).isEqualTo(143);
    }
    assertThat(left())
        .containsEntry(EventStatus.SUCCESS, 1L)
        .containsEntry(EventStatus.PROCESSING, 0L);
  }

  @Test
  void commandBesideARunningServerSaysWhatToDoOrSharesTheWork() {
    database.disconnect();
    try (AcuseProcess server = AcuseProcess.start(database, sandbox, Map.of())) {
      AcuseCommand.Ended ended = run();

      assertThat(server.post("/webhooks/mp?topic=payment&id=1", "")).isEqualTo(200);
      switch (engine) {
        case H2 -> {
          assertThat(ended.status()).isEqualTo(1);
          assertThat(ended.output())
              .contains("open in another process", "/tasks/process-due")
              .doesNotContain("\tat ");
        }
        case POSTGRESQL -> assertThat(ended.lastLine()).isEqualTo("nothing is due");
      }
    }
  }

  /** A payment that nobody registered a checkout for; answers its id. */
  private String pay() {
    var terms = new SandboxPayment.Terms(BigDecimal.TEN, "ARS", null, null, COLLECTOR, Map.of());
    return String.valueOf(
        sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.APPROVED).payment().id());
  }

  private AcuseCommand.Ended run(String... options) {
    return AcuseCommand.run(database, sandbox, "process", options);
  }

  private EventStore store() {
    return new EventStore(database.jdbi(), Clock.systemUTC(), 4);
  }

  /** Read by a connection of its own, once no process has the database open. */
  private Map<EventStatus, Long> left() {
    Jdbi jdbi = Jdbi.create(database.url(), database.user(), database.password());
    jdbi.installPlugin(new AcuseJdbiPlugin());
    return new EventReader(jdbi, Clock.systemUTC(), TestAccounts.MAIN_ALONE)
        .countByStatus(Scope.everything());
  }

  private EventOperations operations() {
    return Desks.of(database.jdbi(), Clock.systemUTC(), 4);
  }
}

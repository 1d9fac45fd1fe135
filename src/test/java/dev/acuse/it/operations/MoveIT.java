package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.EventStatus;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An inbox is moved to PostgreSQL while webhooks arrive: none of them is lost. */
@Tag("slow")
class MoveIT {
  private static final int OLD = 60_000;

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final TestDatabase h2 = TestDatabase.open(Engine.H2);
  private final TestDatabase postgresql = TestDatabase.openEmpty(Engine.POSTGRESQL);
  private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final ExecutorService sender = Executors.newSingleThreadExecutor();
  private Path spool;

  @BeforeEach
  void fill() {
    Events.insert(h2.jdbi(), OLD, EventStatus.SUCCESS, InstantSource.system().instant());
    h2.disconnect();
    spool = h2.folder().resolve("spool");
    String name =
        postgresql
            .jdbi()
            .withHandle(
                handle ->
                    handle.createQuery("SELECT current_database()").mapTo(String.class).one());
    postgresql
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("ALTER DATABASE \"" + name + "\" SET synchronous_commit TO on"));
  }

  @AfterEach
  void close() {
    stopped.set(true);
    sender.shutdownNow();
    sandbox.close();
    h2.close();
    postgresql.close();
  }

  private AcuseProcess start(TestDatabase database) {
    Map<String, String> environment = new HashMap<>();
    environment.put("ACUSE_SPOOL_DIR", spool.toString());
    environment.put("ACUSE_MIGRATE_ON_START", "auto");
    return AcuseProcess.start(database, sandbox, environment);
  }

  private Map<String, String> environment(int adminPort) {
    Map<String, String> environment = new HashMap<>(AcuseCommand.environment(h2, sandbox));
    environment.put("ADMIN_PORT", String.valueOf(adminPort));
    environment.put("ACUSE_SPOOL_DIR", spool.toString());
    return environment;
  }

  /** Sends without a pause; what is not acknowledged MercadoPago would send again. */
  private void send(AcuseProcess acuse, int first) {
    Notifier notifier = sandbox.notifier(acuse.url("/webhooks/mp"));
    for (int i = first; !stopped.get() && acuse.isRunning(); i++) {
      String id = String.valueOf(i);
      try {
        if (notifier.send(sandbox.notifications().paymentCreated(id)).status() == 200) {
          acknowledged.add(id);
        }
      } catch (IOException e) {
        assertThat(acuse.isRunning() && stopped.get()).as("%s", e).isFalse();
      }
    }
  }

  private String[] move() {
    return new String[] {"move", "config.yml", "--to", postgresql.url()};
  }

  private void assertNothingIsLost() {
    try (AcuseProcess acuse = start(postgresql)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () ->
                  acuse.json("/api/stats").path("unaccounted").asLong(-1) == 0
                      && postgresql
                          .jdbi()
                          .withHandle(
                              handle ->
                                  handle
                                      .createQuery("SELECT resource_id FROM webhook_events")
                                      .mapTo(String.class)
                                      .set())
                          .containsAll(acknowledged));
      assertThat(acuse.items("/api/payments?status=approved")).hasSize(1);
      assertThat(postgresql.count("webhook_events WHERE webhook_id LIKE 'success-%'"))
          .isEqualTo(OLD);
      assertThat(postgresql.count("inbox_hold")).isZero();
      assertThat(
              postgresql.count(
                  "(SELECT resource_id FROM webhook_events WHERE resource_id LIKE '7_______'"
                      + " GROUP BY resource_id HAVING COUNT(*) > 1) AS twice"))
          .isZero();
    }
  }

  @Test
  void killedInTheMiddleItGoesOnAndWhatTheSpoolTookGoesThere() throws Exception {
    int adminPort;
    try (AcuseProcess acuse = start(h2)) {
      adminPort = acuse.adminPort();
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 1));
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 1);
      var sending = sender.submit(() -> send(acuse, 70_000_000));
      await().until(() -> acknowledged.size() > 20);
      try (AcuseCommand command = AcuseCommand.start(environment(adminPort), move())) {
        await().until(() -> acuse.output().contains("webhook_events: 20000 rows are copied"));
        int before = acknowledged.size();
        await().until(() -> acknowledged.size() > before + 5 || !isCopying(acuse));
        acuse.kill();
        assertThat(command.output()).doesNotContain("each compared");
      }
      sending.get();
    }

    // No service runs: the command does the rest by itself.
    AcuseCommand.Ended ended = AcuseCommand.run(environment(adminPort), move());

    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("the move goes on where it was cut off", "each compared")
        .doesNotContain("begins anew");
    assertNothingIsLost();
  }

  private static boolean isCopying(AcuseProcess acuse) {
    return !acuse.output().contains("webhook_events: copied");
  }

  @Test
  void theServiceGoesOnWhereAMoveFailsWhenItHasBegun() throws Exception {
    // The server refuses the table in which the move keeps where it is.
    postgresql
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
                  BEGIN
                    IF to_regclass('acuse_move') IS NOT NULL THEN
                      RAISE EXCEPTION 'no table for a move';
                    END IF;
                  END $$
                  """);
              handle.execute(
                  "CREATE EVENT TRIGGER refuse ON ddl_command_end EXECUTE FUNCTION refuse()");
            });
    try (AcuseProcess acuse = start(h2)) {
      AcuseCommand.Ended ended = AcuseCommand.run(environment(acuse.adminPort()), move());

      assertThat(ended.status()).as(ended.output()).isEqualTo(1);
      assertThat(ended.output()).contains("no table for a move").doesNotContain("\tat ");
      assertThat(acuse.json("/api/stats").path("paused").isContainerNode()).isFalse();
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 1));
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 1);
    }
  }

  @Test
  void theServiceTakesWebhooksAllTheWhileAndEndsWhenItIsDone() throws Exception {
    int adminPort;
    try (AcuseProcess acuse = start(h2)) {
      adminPort = acuse.adminPort();
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 1));
      await().until(() -> acuse.items("/api/payments?status=approved").size() == 1);
      var sending = sender.submit(() -> send(acuse, 70_000_000));
      await().until(() -> acknowledged.size() > 20);

      AcuseCommand.Ended ended = AcuseCommand.run(environment(adminPort), move());

      assertThat(ended.status()).as(ended.output()).isZero();
      assertThat(ended.output()).contains("each compared", "The service ends now.");
      assertThat(acuse.awaitExit()).isZero();
      sending.get();
      assertThat(acuse.output()).contains("the database does not store webhooks");
    }
    for (String command : List.of("server", "process", "reconcile", "db")) {
      String[] arguments =
          command.equals("db")
              ? new String[] {"db", "status", "config.yml"}
              : new String[] {command, "config.yml"};
      AcuseCommand.Ended refused = AcuseCommand.run(environment(0), arguments);
      assertThat(refused.status()).as(command).isEqualTo(1);
      assertThat(refused.output())
          .as(command)
          .contains("this inbox was moved to jdbc:postgresql://", "set DATABASE_URL")
          .doesNotContain("\tat ");
    }
    assertNothingIsLost();
  }
}

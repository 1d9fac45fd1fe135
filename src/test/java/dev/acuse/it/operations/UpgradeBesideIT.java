package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.PreviousRelease;
import dev.acuse.support.Sales;
import dev.acuse.support.TcpProxy;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On PostgreSQL this version is started beside the release before, which goes on meanwhile. */
@Tag("slow")
class UpgradeBesideIT {
  private static final Map<String, String> MIGRATES = Map.of("ACUSE_MIGRATE_ON_START", "true");

  /** More calls than an instance makes at a time. */
  private static final int UNDER_WAY = 20;

  /** How the instance of the release before comes to its end. */
  enum End {
    KILLED,
    FROZEN_AND_THAWED,
    STOPPED
  }

  @Test
  void theReleaseBeforeStoresAndWorksNothingOffOnceTheFenceStands() throws Exception {
    PreviousRelease release = PreviousRelease.build();
    try (TestDatabase database = TestDatabase.openEmpty(Engine.POSTGRESQL);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
      Sales.notify(old, sandbox, Sales.sell(old, sandbox, 0));
      await().until(() -> old.items("/api/payments?status=approved").size() == 1);
      await().until(() -> sandbox.goHighLevel().tagCalls("contact0").size() == 1);

      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, MIGRATES)) {
        for (int i = 1; i <= 5; i++) {
          Sales.notify(old, sandbox, Sales.sell(old, sandbox, i));
        }
        await().until(() -> acuse.items("/api/payments?status=approved").size() == 6);
        List<String> workers =
            database
                .jdbi()
                .withHandle(
                    handle ->
                        handle
                            .createQuery("SELECT DISTINCT worker FROM webhook_attempts")
                            .mapTo(String.class)
                            .list());
        assertThat(workers)
            .as("the first by the release before, the others by this version")
            .anyMatch(worker -> worker.startsWith("acuse-" + acuse.pid() + "-"));
        assertThat(database.count("webhook_attempts WHERE worker LIKE 'acuse-" + old.pid() + "-%'"))
            .isEqualTo(1);

        // An operator cannot open it there.
        assertThat(resume(old)).isGreaterThanOrEqualTo(400);
        assertThat(database.count("inbox_pause")).isEqualTo(1);
        Sales.notify(old, sandbox, Sales.sell(old, sandbox, 6));
        await().until(() -> acuse.items("/api/payments?status=approved").size() == 7);
        assertThat(database.count("webhook_attempts WHERE worker LIKE 'acuse-" + old.pid() + "-%'"))
            .isEqualTo(1);
        assertThat(acuse.admin("/healthcheck")).contains("\"upgrade\":{\"healthy\":true");
        assertThat(old.alive()).as("nothing is to start it anew").isEqualTo(200);
        old.terminate();
        assertThatThrownBy(
                () -> AcuseProcess.startRelease(release, database, sandbox, MIGRATES).close())
            .hasMessageContaining("ended at its start with status 1");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void underLoadNothingIsLostAndEachTagIsPutOn(End end) throws Exception {
    PreviousRelease release = PreviousRelease.build();
    try (TestDatabase database = TestDatabase.openEmpty(Engine.POSTGRESQL);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        TcpProxy proxy = new TcpProxy(port(database))) {
      var sold = new AtomicInteger();
      List<AcuseProcess> running = new ArrayList<>();
      try {
        AcuseProcess old =
            AcuseProcess.startRelease(release, database, sandbox, through(proxy, database));
        running.add(old);
        // It answers while its schema is still being made.
        await()
            .ignoreExceptions()
            .until(
                () ->
                    database.count("databasechangelog WHERE id = '0019-reconciliation-gap'") == 1);
        PastInbox.fill(database, sandbox);
        for (int i = 0; i < 10; i++) {
          Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold.getAndIncrement()));
        }
        await().until(() -> sandbox.goHighLevel().tagCalls().size() >= 10);
        // These wait for GoHighLevel; the release before writes so into waits_for.
        sandbox.goHighLevel().faults().down();
        for (int i = 0; i < 10; i++) {
          Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold.getAndIncrement()));
        }
        await().until(() -> database.count("webhook_events WHERE waits_for IS NOT NULL") > 0);
        sandbox.goHighLevel().faults().up();
        sandbox.goHighLevel().faults().latency(Duration.ofMillis(300));

        var load = new AtomicBoolean(true);
        var sender =
            new Thread(
                () -> {
                  while (load.get()) {
                    sell(old, sandbox, sold.getAndIncrement());
                  }
                });
        sender.start();
        AcuseProcess acuse = AcuseProcess.start(database, sandbox, MIGRATES);
        running.add(acuse);
        await().until(() -> sold.get() >= 60);
        load.set(false);
        sender.join();
        int spooled = sold.get();
        if (end == End.KILLED) {
          // Its last webhooks are in its spool alone.
          List<String> last = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            last.add(Sales.sell(old, sandbox, sold.getAndIncrement()));
          }
          proxy.cut();
          for (String payment : last) {
            Sales.notify(old, sandbox, payment);
          }
        }
        switch (end) {
          case KILLED -> old.kill();
          case STOPPED -> assertThat(old.terminate()).isNotNegative();
          case FROZEN_AND_THAWED -> {
            old.signal("STOP");
            String its = "webhook_leases WHERE owner LIKE 'acuse-" + old.pid() + "-%'";
            await().atMost(Duration.ofMinutes(2)).until(() -> database.count(its) == 0);
            await().until(() -> database.count("tag_carry_over WHERE done") == 1);
            old.signal("CONT");
            Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold.getAndIncrement()));
          }
        }
        if (end == End.KILLED) {
          proxy.restore();
          assertThat(sold.get()).isGreaterThan(spooled);
          running.add(AcuseProcess.start(database, sandbox, MIGRATES));
        }

        int all = sold.get();
        var tags = new TagsAfterUpgrade(sandbox, all);
        await().atMost(Duration.ofMinutes(2)).until(() -> approved(database) == all);
        await().atMost(Duration.ofMinutes(2)).until(() -> tags.missing().isEmpty());
        assertThat(database.count("webhook_events WHERE webhook_id LIKE 'mp:payment:past%'"))
            .isEqualTo(PastInbox.EVENTS);
        assertThat(database.count("tag_carry_over WHERE done")).isEqualTo(1);
        await().until(() -> database.count("effects WHERE state = 'waiting'") == 0);
        tags.assertCalled(end == End.STOPPED ? 0 : UNDER_WAY);
        await().until(() -> acuse.json("/api/stats").path("unaccounted").asLong(-1) == 0);
      } finally {
        running.forEach(AcuseProcess::close);
      }
    }
  }

  private static void sell(AcuseProcess acuse, Sandbox sandbox, int number) {
    try {
      Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, number));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static long approved(TestDatabase database) {
    return database.count("payments WHERE status = 'approved' AND mp_payment_id NOT LIKE 'past%'");
  }

  /** The database, as this instance reaches it. */
  private static Map<String, String> through(TcpProxy proxy, TestDatabase database) {
    Map<String, String> environment = new HashMap<>(MIGRATES);
    environment.put(
        "DATABASE_URL", database.url().replace(":" + port(database), ":" + proxy.port()));
    return environment;
  }

  private static int port(TestDatabase database) {
    return URI.create(database.url().substring("jdbc:".length())).getPort();
  }

  private static int resume(AcuseProcess acuse) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(acuse.adminUrl("/tasks/resume"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }
}

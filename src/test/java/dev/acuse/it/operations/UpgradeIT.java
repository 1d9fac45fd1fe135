package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.database.Schema;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.FullDisk;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.PreviousRelease;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The release that users have now is replaced by this version on the same folder. */
@Tag("slow")
class UpgradeIT {
  private static final Map<String, String> MIGRATES = Map.of("ACUSE_MIGRATE_ON_START", "true");

  /** More calls than an instance makes at a time. */
  private static final int UNDER_WAY = 20;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatThePreviousReleaseHasTakenInGoesOn(boolean killed) throws Exception {
    PreviousRelease release = PreviousRelease.build();
    try (TestDatabase database = TestDatabase.openEmpty(Engine.H2);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.disconnect();
      try (AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
        old.terminate();
      }
      try (TestDatabase past = TestDatabase.reopen(database)) {
        PastInbox.fill(past, sandbox);
      }
      int sold;
      try (AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
        sold = sellUpToItsEnd(old, sandbox);
        if (killed) {
          old.kill();
        } else {
          old.terminate();
        }
      }
      sandbox.mercadoPago().faults().none();
      sandbox.goHighLevel().faults().none();

      var tags = new TagsAfterUpgrade(sandbox, sold + 1);
      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, MIGRATES)) {
        Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, sold));
        await().atMost(Duration.ofMinutes(2)).until(() -> approved(acuse) == sold + 1);
        await().atMost(Duration.ofMinutes(2)).until(() -> tags.missing().isEmpty());
        await().until(() -> acuse.json("/api/effects?state=waiting").path("items").isEmpty());
        await().until(() -> acuse.json("/api/stats").path("unaccounted").asLong(-1) == 0);
        acuse.terminate();
      }
      tags.assertCalled(killed ? UNDER_WAY : 0);
      try (TestDatabase upgraded = TestDatabase.reopen(database)) {
        assertThat(upgraded.count("webhook_events WHERE webhook_id LIKE 'mp:payment:past%'"))
            .isEqualTo(PastInbox.EVENTS);
        assertThat(upgraded.count("tag_carry_over WHERE done")).isEqualTo(1);
      }
    }
  }

  /**
   * Sales whose tags are on, sales whose tags are outstanding because GoHighLevel was out, and
   * sales whose look-ups and tags are under way. Answers how many.
   */
  private static int sellUpToItsEnd(AcuseProcess old, Sandbox sandbox) throws Exception {
    int sold = 0;
    for (int i = 0; i < 10; i++) {
      Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold++));
    }
    await().until(() -> sandbox.goHighLevel().tagCalls().size() >= 10);
    sandbox.goHighLevel().faults().down();
    for (int i = 0; i < 10; i++) {
      Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold++));
    }
    await().until(() -> !old.json("/api/stats").path("waiting").isEmpty());
    sandbox.goHighLevel().faults().up();
    sandbox.goHighLevel().faults().latency(Duration.ofMillis(300));
    sandbox.mercadoPago().faults().latency(Duration.ofMillis(300));
    for (int i = 0; i < 40; i++) {
      Sales.notify(old, sandbox, Sales.sell(old, sandbox, sold++));
    }
    return sold;
  }

  private static long approved(AcuseProcess acuse) {
    long approved = 0;
    for (JsonNode payment : acuse.items("/api/payments?status=approved&limit=500")) {
      approved += payment.path("mp_payment_id").asText().startsWith("past") ? 0 : 1;
    }
    return approved;
  }

  /** H2 copies a table that gets a column, and it is at its copying that the disk is full. */
  @Test
  void whereTheDiskFillsInTheMiddleThePreviousReleaseGoesOn() throws Exception {
    PreviousRelease release = PreviousRelease.build();
    FullDisk.register();
    try (TestDatabase database = TestDatabase.openEmpty(Engine.H2);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.disconnect();
      try (AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
        Sales.notify(old, sandbox, Sales.sell(old, sandbox, 0));
        await().until(() -> sandbox.goHighLevel().tagCalls().size() == 1);
        old.terminate();
      }
      for (String change : List.of("0020-event-h2", "0020-attempt-h2", "0020-lane-index-h2")) {
        upgradeUntilTheDiskIsFull(database.folder().resolve("acuse"), change);
      }

      try (AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
        Sales.notify(old, sandbox, Sales.sell(old, sandbox, 1));
        await().until(() -> old.items("/api/webhook-events?status=success").size() == 2);
        old.terminate();
      }
      assertThat(sandbox.goHighLevel().tagCalls("contact1")).hasSize(1);

      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, MIGRATES)) {
        Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 2));
        await().until(() -> tagged(acuse) == 3);
        await().until(() -> acuse.json("/api/stats").path("unaccounted").asLong(-1) == 0);
      }
      assertThat(sandbox.goHighLevel().tagCalls()).as("each tag once").hasSize(3);
    }
  }

  private static void upgradeUntilTheDiskIsFull(Path file, String change) {
    var full = new JdbcDataSource();
    full.setURL("jdbc:h2:fulldisk:" + file + ";MODE=PostgreSQL;WRITE_DELAY=0");
    full.setUser("sa");
    full.setPassword("");
    try (var log =
        new LoggedLines(
            "dev.acuse.database.ChangeProgress",
            line -> {
              if (line.contains(change + ", begins")) {
                FullDisk.fill(true);
              }
            })) {
      assertThatThrownBy(() -> new Schema(full).migrate())
          .isInstanceOf(Schema.SchemaException.class);
      assertThat(log.lines()).as(change).anyMatch(line -> line.contains(change));
    } finally {
      FullDisk.fill(false);
    }
  }

  private static long tagged(AcuseProcess acuse) {
    long tagged = 0;
    for (JsonNode payment : acuse.items("/api/payments?status=approved")) {
      JsonNode one = acuse.json("/api/payments/" + payment.path("id").asLong());
      tagged += one.path("tags").path(0).path("applied_at").isTextual() ? 1 : 0;
    }
    return tagged;
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.PastSchema;
import dev.acuse.database.Schema;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The upgrade is killed in each of its changes, one after the other, and made in the end. */
@Tag("slow")
class UpgradeKillIT {

  @ParameterizedTest
  @EnumSource
  void killedInEachChangeItIsMadeInTheEnd(Engine engine) throws Exception {
    List<String> changes = PastSchema.changes(engine);
    assertThat(changes).hasSizeGreaterThan(10);
    try (TestDatabase database = TestDatabase.openEmpty(engine);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      PastSchema.make(database);
      PastInbox.fill(database, sandbox);
      database.disconnect();
      for (String change : changes) {
        killIn(change, database, sandbox);
        try (TestDatabase between = TestDatabase.reopen(database)) {
          // What a killed migration leaves; on PostgreSQL an operator releases it.
          between
              .jdbi()
              .useHandle(
                  handle -> handle.execute("UPDATE databasechangeloglock SET locked = FALSE"));
          if (between.count("databasechangelog WHERE id = '" + change + "'") == 0) {
            PastSchema.makeOneMore(between);
          }
          assertThat(between.count("databasechangelog WHERE id = '" + change + "'")).isOne();
          assertThat(between.count("webhook_events")).isEqualTo(PastInbox.EVENTS);
        }
      }
      try (TestDatabase after = TestDatabase.reopen(database)) {
        var schema = new Schema(after.dataSource());
        schema.migrate();
        assertThat(schema.judge(true)).isEqualTo(new Schema.State(0, 0));
        assertThat(after.count("webhook_events")).isEqualTo(PastInbox.EVENTS);
        assertThat(after.count("payments")).isEqualTo(400);
        assertThat(after.count("crm_tags")).isEqualTo(380);
        assertThat(after.count("inbox_fence")).isEqualTo(1);
        if (engine == Engine.POSTGRESQL) {
          assertThat(after.count("pg_index WHERE NOT indisvalid")).isZero();
        }
      }
    }
  }

  private static void killIn(String change, TestDatabase database, Sandbox sandbox) {
    String[] migrate = {"db", "migrate", "--count", "1", "config.yml"};
    try (AcuseCommand command =
        AcuseCommand.start(AcuseCommand.environment(database, sandbox), migrate)) {
      Awaitility.await()
          .pollInterval(Duration.ofMillis(2))
          .atMost(Duration.ofMinutes(1))
          .until(() -> command.output().contains(change + ", begins") || !command.isRunning());
      assertThat(command.output()).as("killed in it").contains(change + ", begins");
      command.kill();
    }
  }
}

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
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The upgrade is killed in its changes, one after the other, and made in the end. Of changes that
 * do the same to other tables it is killed in one: each kill is a process of its own.
 */
@Tag("slow")
class UpgradeKillIT {
  /**
   * What is like a change in which it is killed. A change of PostgreSQL that is killed is taken
   * back by its transaction, and an index that is made outside of one is made as {@code
   * 0020-lane-index-postgresql} is; so is one dropped as {@code 0020-old-due-index-postgresql} is.
   * A table that is made if it is not there is like {@code 0021-account}, a column like those of
   * {@code 0021-reconciliation}, and a key that is another one like that of {@code
   * 0021-reconciliation}.
   */
  private static final Set<String> LIKE_ANOTHER =
      Set.of(
          "0020-attempt-postgresql",
          "0020-attempt-h2",
          "0020-instance-postgresql",
          "0020-instance-h2",
          "0020-effect-open-postgresql",
          "0020-effect-open-h2",
          "0020-hold",
          "0020-key-index-postgresql",
          "0020-list-index-postgresql",
          "0020-effect-index-postgresql",
          "0020-failed-index-postgresql",
          "0020-type-index-postgresql",
          "0020-origin-index-postgresql",
          "0020-resource-index-postgresql",
          "0020-intake-index-postgresql",
          "0020-payment-key-postgresql",
          "0020-checkout-key-postgresql",
          "0020-key-index-h2",
          "0020-list-index-h2",
          "0020-old-payment-key-postgresql",
          "0020-old-checkout-key-postgresql",
          "0020-old-status-index-postgresql",
          "0020-old-type-index-postgresql",
          "0020-old-origin-index-postgresql",
          "0020-old-resource-index-postgresql",
          "0020-old-intake-index-postgresql",
          "0021-application",
          "0021-setting",
          "0021-person",
          "0021-key",
          "0021-alert",
          "0021-alert-mute-old-key-postgresql",
          "0021-alert-mute-old-key-h2",
          "0021-alert-mute-key-h2",
          "0021-action",
          "0021-instance",
          "0022-order",
          "0022-order-payment",
          "0023-payment",
          "0023-index-postgresql",
          "0023-index-h2",
          "0024-unhandled");

  @ParameterizedTest
  @EnumSource
  void killedInItsChangesItIsMadeInTheEnd(Engine engine) throws Exception {
    List<String> changes = PastSchema.changes(engine);
    assertThat(changes).hasSizeGreaterThan(10);
    assertThat(changes.get(0)).as("the first is killed").isNotIn(LIKE_ANOTHER);
    try (TestDatabase database = TestDatabase.openEmpty(engine);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      PastSchema.make(database);
      PastInbox.fill(database, sandbox);
      database.disconnect();
      for (String change : changes) {
        boolean isLast = change.equals(changes.get(changes.size() - 1));
        boolean isKilled = isLast || !LIKE_ANOTHER.contains(change);
        if (isKilled) {
          killIn(change, database, sandbox);
        }
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

package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.acuse.support.Engine;
import dev.acuse.support.FullDisk;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The migration of lanes and effects, with what may come in between. */
class UpgradeTest {
  private static final int EVENTS = 2_000;

  /** A kill comes between the commit of a change and the note that it was made. */
  @ParameterizedTest
  @EnumSource
  void eachChangeMayBeMadeAgain(Engine engine) {
    List<String> changes = PastSchema.changes(engine);
    try (var database = TestDatabase.open(engine)) {
      List<String> before = schema(database);
      for (String change : changes) {
        execute(database, "DELETE FROM databasechangelog WHERE id = '" + change + "'");
        new Schema(database.dataSource()).migrate();
        assertThat(schema(database)).as(change).isEqualTo(before);
      }
      execute(database, "DELETE FROM databasechangelog WHERE id >= '0020'");
      new Schema(database.dataSource()).migrate();
      assertThat(new Schema(database.dataSource()).judge(true)).isEqualTo(new Schema.State(0, 0));
      assertThat(database.count("inbox_fence WHERE turn = 1")).isEqualTo(1);
    }
  }

  @Test
  void anIndexThatAKillLeftHalfMadeIsMadeAnew() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL)) {
      String invalid = "pg_index WHERE NOT indisvalid";
      execute(
          database,
          "UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = ANY(ARRAY"
              + "['webhook_events_lane_idx', 'webhook_events_key']::regclass[])");
      assertThat(database.count(invalid)).isEqualTo(2);
      execute(
          database,
          "DELETE FROM databasechangelog WHERE id IN"
              + " ('0020-lane-index-postgresql', '0020-key-index-postgresql')");

      new Schema(database.dataSource()).migrate();

      assertThat(database.count(invalid)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFenceKeepsAnOperatorsPauseAndCannotBeTakenDown(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      PastSchema.make(database);
      execute(
          database,
          "INSERT INTO inbox_pause (id, paused_at, paused_by)"
              + " VALUES (1, TIMESTAMP WITH TIME ZONE '2026-03-02 14:05:09+00', 'maria')");
      execute(database, "UPDATE claim_turn SET turn = 41");

      new Schema(database.dataSource()).migrate();

      assertThat(database.count("inbox_hold WHERE paused_by = 'maria'")).isEqualTo(1);
      assertThat(database.count("inbox_pause WHERE paused_by LIKE 'upgrade%'")).isEqualTo(1);
      assertThat(database.count("claim_turn WHERE turn = 42")).isEqualTo(1);
      assertThat(database.count("inbox_fence WHERE turn = 42")).isEqualTo(1);
      assertThat(database.count("schema_floor WHERE version = '0020'")).isEqualTo(1);
      assertThatThrownBy(() -> execute(database, "DELETE FROM inbox_pause"))
          .hasMessageContaining("inbox_pause");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theVersionBeforeGoesOnStoring(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      PastSchema.make(database);
      fill(database);

      new Schema(database.dataSource()).migrate();

      execute(database, INSERT.formatted(EVENTS + 1, EVENTS + 1));
      assertThat(database.count("webhook_events WHERE lane = 'mp:1' AND account_id = 1"))
          .isEqualTo(EVENTS + 1);
      assertThatThrownBy(() -> execute(database, INSERT.formatted(EVENTS + 2, 1)))
          .hasMessageContaining("past:1");
    }
  }

  /** It may be killed between finding them and listing them. */
  @ParameterizedTest
  @EnumSource
  void whatTheVersionBeforeHadNoHandlerForIsFound(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      PastSchema.make(database);
      ignored(database, 1, "order", "verified", "no handler for order");
      ignored(database, 2, "chargebacks", "verified", "no handler for chargebacks");
      ignored(database, 3, "order", "unverifiable", "no handler for order");
      ignored(database, 4, "delivery", "verified", "no handler for delivery");
      ignored(database, 5, "order", "verified", "an operator has ignored it");
      execute(database, INSERT.formatted(6, 6));

      new Schema(database.dataSource()).migrate();

      String found = "SELECT topic FROM unhandled_events WHERE verified = TRUE ORDER BY event_id";
      assertThat(strings(database, found)).containsExactly("order", "chargebacks");
      assertThat(database.count("unhandled_events")).isEqualTo(2);
      assertThat(database.count("webhook_events WHERE last_error_kind = 'unhandled_topic'"))
          .isEqualTo(2);

      execute(database, "DELETE FROM unhandled_events");
      execute(database, "DELETE FROM databasechangelog WHERE id = '0024-unhandled-before'");
      new Schema(database.dataSource()).migrate();
      assertThat(strings(database, found)).containsExactly("order", "chargebacks");
    }
  }

  private static void ignored(
      TestDatabase database, int id, String type, String signature, String error) {
    execute(database, INSERT.formatted(id, id));
    execute(
        database,
        ("UPDATE webhook_events SET status = 'ignored', next_retry_at = NULL,"
                + " finished_at = CURRENT_TIMESTAMP, event_type = '%s', signature = '%s',"
                + " last_error = '%s' WHERE id = %d")
            .formatted(type, signature, error, id));
  }

  @Tag("slow")
  @Test
  void aLockOfAnotherSessionHoldsUpTheChangeAndNoWebhook() throws Exception {
    try (var database = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      PastSchema.make(database);
      fill(database);
      try (Connection holder = database.dataSource().getConnection();
          Statement statement = holder.createStatement();
          Connection intake = database.dataSource().getConnection();
          Statement storing = intake.createStatement();
          var log = new LoggedLines(LockPatience.class)) {
        holder.setAutoCommit(false);
        statement.execute("SELECT COUNT(*) FROM webhook_events");
        storing.execute("SET lock_timeout = '10s'");
        CompletableFuture<Void> upgrade =
            CompletableFuture.runAsync(() -> new Schema(database.dataSource()).migrate());

        for (int tries = 1; tries <= 3; tries++) {
          int seen = tries;
          await().until(() -> log.lines().size() >= seen);
          // It waits for less than ten seconds, or PostgreSQL refuses it.
          storing.execute(INSERT.formatted(EVENTS + tries, EVENTS + tries));
          assertThat(upgrade).isNotDone();
        }
        assertThat(log.lines().get(0))
            .contains("is tried again", "idle in transaction", "on webhook_events for");
        holder.rollback();

        upgrade.get();
      }
      assertThat(new Schema(database.dataSource()).judge(true)).isEqualTo(new Schema.State(0, 0));
      assertThat(database.count("webhook_events")).isEqualTo(EVENTS + 3);
    }
  }

  @Test
  void aDiskThatIsFullInTheMiddleLeavesTheFileAsItWas(@TempDir Path folder) throws Exception {
    FullDisk.register();
    Path file = folder.resolve("acuse");
    try (var database = TestDatabase.openH2Empty(folder)) {
      PastSchema.make(database);
      fill(database);
      database.disconnect();
    }
    for (String change : List.of("0020-event-h2", "0020-attempt-h2", "0020-lane-index-h2")) {
      Path copy = folder.resolve(change);
      Files.copy(Path.of(file + ".mv.db"), Path.of(copy + ".mv.db"));
      var full = new JdbcDataSource();
      full.setURL("jdbc:h2:fulldisk:" + copy + ";MODE=PostgreSQL;WRITE_DELAY=0");
      full.setUser("sa");
      full.setPassword("");
      try (var log =
          new LoggedLines(
              ChangeProgress.class.getName(),
              line -> {
                if (line.contains(change + ", begins")) {
                  FullDisk.fill(true);
                }
              })) {
        assertThatThrownBy(() -> new Schema(full).migrate())
            .as(change)
            .isInstanceOf(Schema.SchemaException.class);
        assertThat(log.lines()).anyMatch(line -> line.contains(change));
      } finally {
        FullDisk.fill(false);
      }
      try (Connection connection = open(copy)) {
        assertThat(one(connection, "SELECT COUNT(*) FROM webhook_events")).isEqualTo(EVENTS);
        assertThat(
                one(
                    connection,
                    "SELECT COUNT(*) FROM information_schema.tables"
                        + " WHERE table_name IN ('INBOX_FENCE', 'SCHEMA_FLOOR')"))
            .as("no fence keeps the version before out")
            .isZero();
        try (Statement statement = connection.createStatement()) {
          // As the version before does.
          assertThat(statement.executeUpdate(INSERT.formatted(EVENTS + 1, EVENTS + 1))).isOne();
        }
      }
      var again = new JdbcDataSource();
      again.setURL("jdbc:h2:file:" + copy + ";MODE=PostgreSQL;WRITE_DELAY=0");
      again.setUser("sa");
      again.setPassword("");
      new Schema(again).migrate();
      try (Connection connection = open(copy)) {
        assertThat(one(connection, "SELECT COUNT(*) FROM webhook_events")).isEqualTo(EVENTS + 1);
        assertThat(one(connection, "SELECT COUNT(*) FROM inbox_fence")).isOne();
        assertThat(
                one(
                    connection,
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE '%COPY%'"))
            .as("nothing is left of the copies")
            .isZero();
      }
    }
  }

  @Test
  void aDiskWithTooLittleRoomIsToldOfBeforeAnythingIsChanged() throws Exception {
    Path disk = Files.createTempDirectory("acuse-small-disk-");
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()),
        "only root may mount a small disk");
    try {
      try (var database = TestDatabase.openH2Empty(disk)) {
        PastSchema.make(database);
        fill(database);
        database.disconnect();
      }
      Path data = disk.resolve("acuse.mv.db");
      // As much is left free as the file has, and twice that is needed.
      long free = Files.getFileStore(disk).getUsableSpace();
      Files.write(disk.resolve("other"), new byte[(int) (free - Files.size(data))]);
      var source = new JdbcDataSource();
      source.setURL("jdbc:h2:file:" + disk.resolve("acuse") + ";MODE=PostgreSQL");
      source.setUser("sa");
      source.setPassword("");

      assertThatThrownBy(() -> new Schema(source).migrate())
          .isInstanceOf(UnfitDatabaseException.class)
          .hasMessageContainingAll(
              "the upgrade of the H2 file " + data, " MB free", "make room and start again");

      try (Connection connection = open(disk.resolve("acuse"))) {
        assertThat(one(connection, "SELECT COUNT(*) FROM webhook_events")).isEqualTo(EVENTS);
        assertThat(one(connection, "SELECT COUNT(*) FROM databasechangelog WHERE id LIKE '0020%'"))
            .isZero();
      }
      Files.delete(disk.resolve("other"));
      new Schema(source).migrate();
    } finally {
      run("umount", disk.toString());
      Files.delete(disk);
    }
  }

  /** H2 drops the table before it gives the copy its name, and a kill may come in between. */
  @Test
  void aCopyThatIsAllThatIsLeftOfATableIsNotDropped(@TempDir Path folder) throws Exception {
    try (var database = TestDatabase.openH2Empty(folder);
        var other = TestDatabase.openH2Empty(Files.createDirectory(folder.resolve("other")))) {
      PastSchema.make(database);
      fill(database);
      leaveOnlyTheCopy(database, "WEBHOOK_EVENTS", "WEBHOOK_EVENTS_COPY_3_0");
      execute(database, "CREATE TABLE webhook_attempts_copy_3_1 AS SELECT * FROM webhook_attempts");

      assertThatThrownBy(() -> new Schema(database.dataSource()).migrate())
          .isInstanceOf(UnfitDatabaseException.class)
          .hasMessageContainingAll(
              "WEBHOOK_EVENTS is missing",
              "ALTER TABLE \"WEBHOOK_EVENTS_COPY_3_0\" RENAME TO \"WEBHOOK_EVENTS\"",
              "restore a backup")
          .hasMessageNotContaining("\n");

      assertThat(database.count("webhook_events_copy_3_0")).isEqualTo(EVENTS);
      assertThat(database.count("webhook_attempts_copy_3_1")).as("nothing is dropped").isZero();
      execute(database, "ALTER TABLE \"WEBHOOK_EVENTS_COPY_3_0\" RENAME TO \"WEBHOOK_EVENTS\"");
      new Schema(database.dataSource()).migrate();
      assertThat(database.count("webhook_events")).isEqualTo(EVENTS);
      PastSchema.make(other);
      new Schema(other.dataSource()).migrate();
      assertThat(names(database)).isEqualTo(names(other));
    }
  }

  @Test
  void aCopyWithRowsOfATableWithoutIsNotDropped(@TempDir Path folder) throws Exception {
    try (var database = TestDatabase.openH2Empty(folder)) {
      PastSchema.make(database);
      execute(database, "CREATE TABLE webhook_attempts_copy_3_1 AS SELECT * FROM webhook_attempts");
      execute(database, "CREATE TABLE webhook_events_copy_3_0 (id BIGINT)");
      execute(database, "INSERT INTO webhook_events_copy_3_0 VALUES (1)");

      assertThatThrownBy(() -> new Schema(database.dataSource()).migrate())
          .isInstanceOf(UnfitDatabaseException.class)
          .hasMessageContainingAll(
              "WEBHOOK_EVENTS is empty",
              "DROP TABLE \"WEBHOOK_EVENTS_COPY_3_0\"",
              "restore a backup")
          .hasMessageNotContaining("\n");

      assertThat(database.count("webhook_events_copy_3_0")).isEqualTo(1);
      execute(database, "DELETE FROM webhook_events_copy_3_0");
      new Schema(database.dataSource()).migrate();
      assertThat(database.count("information_schema.tables WHERE table_name LIKE '%COPY%'"))
          .as("empty copies of empty tables")
          .isZero();
    }
  }

  @Test
  void aCopyBesideItsTableIsDroppedThoughOthersReferToIt(@TempDir Path folder) throws Exception {
    try (var database = TestDatabase.openH2Empty(folder)) {
      PastSchema.make(database);
      fill(database);
      execute(database, "CREATE TABLE webhook_events_copy_3_0 AS SELECT * FROM webhook_events");
      execute(database, "CREATE TABLE webhook_events_copy_12_345 (id BIGINT PRIMARY KEY)");
      execute(
          database,
          "ALTER TABLE webhook_attempts ADD CONSTRAINT webhook_events_copy_12_345_attempts_fk"
              + " FOREIGN KEY (event_id) REFERENCES webhook_events_copy_12_345 (id)");

      new Schema(database.dataSource()).migrate();

      assertThat(database.count("information_schema.tables WHERE table_name LIKE '%COPY%'"))
          .isZero();
      assertThat(database.count("webhook_events")).isEqualTo(EVENTS);
    }
  }

  @Test
  void aFileThatGrewByAnUpgradeThatWasCutOffIsNotAskedForRoomAgain() throws Exception {
    Path disk = Files.createTempDirectory("acuse-small-disk-");
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", disk.toString()),
        "only root may mount a small disk");
    try {
      try (var database = TestDatabase.openH2Empty(disk)) {
        PastSchema.make(database);
        fill(database);
        // Twice of what has grown by so much is not free.
        execute(
            database,
            "CREATE TABLE webhook_events_copy_3_0 AS"
                + " SELECT x AS id, RANDOM_UUID() || SPACE(8000) || RANDOM_UUID() AS raw"
                + " FROM SYSTEM_RANGE(1, 1000)");
        database.disconnect();
      }
      long size = Files.size(disk.resolve("acuse.mv.db"));
      long free = Files.getFileStore(disk).getUsableSpace();
      Files.write(disk.resolve("other"), new byte[(int) (free - size * 3 / 2)]);
      var source = new JdbcDataSource();
      source.setURL("jdbc:h2:file:" + disk.resolve("acuse") + ";MODE=PostgreSQL");
      source.setUser("sa");
      source.setPassword("");

      new Schema(source).migrate();

      try (Connection connection = open(disk.resolve("acuse"))) {
        assertThat(one(connection, "SELECT COUNT(*) FROM webhook_events")).isEqualTo(EVENTS);
      }
    } finally {
      run("umount", disk.toString());
      Files.delete(disk);
    }
  }

  /** What H2 leaves then: the copy, with indexes and constraints that have its name before them. */
  private static void leaveOnlyTheCopy(TestDatabase database, String table, String copy) {
    for (String index :
        strings(
            database,
            "SELECT index_name FROM information_schema.indexes WHERE table_name = '"
                + table
                + "' AND index_class IS NOT NULL")) {
      execute(database, "ALTER INDEX \"%s\" RENAME TO \"%s_%s\"".formatted(index, copy, index));
    }
    for (String constraint :
        strings(
            database,
            "SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = '"
                + table
                + "'")) {
      execute(
          database,
          "ALTER TABLE \"%s\" RENAME CONSTRAINT \"%s\" TO \"%s_%s\""
              .formatted(table, constraint, copy, constraint));
    }
    execute(database, "ALTER TABLE \"%s\" RENAME TO \"%s\"".formatted(table, copy));
  }

  /** The names of what belongs to tables, but for those that H2 has made up. */
  private static List<String> names(TestDatabase database) {
    return strings(
        database,
        """
        SELECT table_name || '.' || index_name FROM information_schema.indexes
        WHERE table_schema = 'PUBLIC' AND index_name NOT LIKE 'PRIMARY_KEY%'
          AND index_name NOT LIKE 'CONSTRAINT%' AND table_name NOT LIKE 'DATABASECHANGELOG%'
        UNION ALL
        SELECT table_name || '.' || constraint_name FROM information_schema.table_constraints
        WHERE table_schema = 'PUBLIC' AND constraint_name NOT LIKE 'CONSTRAINT%'
          AND table_name NOT LIKE 'DATABASECHANGELOG%'
        ORDER BY 1
        """);
  }

  private static List<String> strings(TestDatabase database, String query) {
    return database
        .jdbi()
        .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
  }

  private static final String INSERT =
      """
      INSERT INTO webhook_events (id, webhook_id, source, event_type, status, max_attempts,
        next_retry_at, raw_payload, payload_size, headers, signature, last_delivered_at, origin,
        received_at, updated_at)
      VALUES (%d, 'past:%d', 'mp', 'payment', 'pending', 4, CURRENT_TIMESTAMP,
        '', 0, '{}', 'verified', CURRENT_TIMESTAMP, 'webhook',
        CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
      """;

  private static void fill(TestDatabase database) {
    database
        .jdbi()
        .useTransaction(
            handle -> {
              var batch =
                  handle.prepareBatch(
                      """
                      INSERT INTO webhook_events (id, webhook_id, source, event_type, status,
                        max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
                        last_delivered_at, origin, received_at, updated_at)
                      VALUES (?, ?, 'mp', 'payment', 'pending', 4, CURRENT_TIMESTAMP, ?, 600, '{}',
                        'verified', CURRENT_TIMESTAMP, 'webhook', CURRENT_TIMESTAMP,
                        CURRENT_TIMESTAMP)
                      """);
              var random = new java.util.Random(1);
              for (int i = 1; i <= EVENTS; i++) {
                byte[] body = new byte[600];
                random.nextBytes(body);
                batch.add(i, "past:" + i, body);
              }
              batch.execute();
            });
  }

  private static Connection open(Path file) throws Exception {
    return DriverManager.getConnection(
        "jdbc:h2:file:" + file + ";MODE=PostgreSQL;WRITE_DELAY=0", "sa", "");
  }

  private static long one(Connection connection, String query) throws Exception {
    try (Statement statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<String> schema(TestDatabase database) {
    String indexes =
        database.engine() == Engine.H2
            ? "SELECT table_name || '.' || index_name FROM information_schema.indexes"
            : "SELECT tablename || '.' || indexdef FROM pg_indexes WHERE schemaname = 'public'";
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT LOWER(table_name || '.' || column_name)
                        FROM information_schema.columns WHERE LOWER(table_schema) = 'public'
                        UNION ALL %s ORDER BY 1
                        """
                            .formatted(indexes))
                    .mapTo(String.class)
                    .list());
  }

  private static void execute(TestDatabase database, String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}

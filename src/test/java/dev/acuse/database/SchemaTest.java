package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaTest {

  @ParameterizedTest
  @EnumSource
  void migratesRollsBackAndMigratesAgain(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      var schema = new Schema(database.dataSource());
      assertThat(schema.pendingChanges()).isPositive();

      schema.migrate();
      assertThat(schema.pendingChanges()).isZero();
      List<String> tables = tables(database);
      assertThat(tables)
          .contains("webhook_events", "webhook_attempts", "payments", "checkouts", "crm_tags");

      rollBackEverything(database);
      assertThat(tables(database))
          .allMatch(name -> name.startsWith("databasechangelog"), "only Liquibase's own tables");

      schema.migrate();
      assertThat(tables(database)).isEqualTo(tables);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void eachChangeRollsBackByItselfAndIsMadeAgain(Engine engine) throws Exception {
    try (var database = TestDatabase.open(engine)) {
      var schema = new Schema(database.dataSource());
      List<String> whole = columns(database);
      int changes = rollBack(database, 0);
      for (int back = 1; back <= changes; back++) {
        List<String> before = columns(database);
        rollBack(database, 1);
        assertThat(schema.pendingChanges()).isEqualTo(back);
        // All later ones each time would be thousands of changes.
        PastSchema.makeOneMore(database);
        assertThat(schema.pendingChanges()).isEqualTo(back - 1);
        assertThat(columns(database)).as("the last but %d", back - 1).isEqualTo(before);
        rollBack(database, 1);
      }
      assertThat(tables(database)).allMatch(name -> name.startsWith("databasechangelog"));
      schema.migrate();
      assertThat(columns(database)).isEqualTo(whole);
    }
  }

  /** The instance that held it was stopped for the upgrade, or killed. */
  @ParameterizedTest
  @EnumSource
  void whatWasBeingProcessedBeforeLeasesHadATableIsRescued(Engine engine) throws Exception {
    try (var database = TestDatabase.open(engine)) {
      rollBack(database, since(database, "0016-lease"));
      database
          .jdbi()
          .useHandle(
              handle -> {
                for (String owner : List.of("one", "one", "other")) {
                  handle.execute(
                      """
                      INSERT INTO webhook_events (webhook_id, source, event_type, status, attempts,
                        max_attempts, claim_no, claimed_at, lease_owner, lease_expires_at,
                        raw_payload, payload_size, headers, signature, last_delivered_at, origin,
                        received_at, updated_at)
                      VALUES (?, 'mp', 'payment', 'processing', 2, 4, 3, CURRENT_TIMESTAMP, ?,
                        CURRENT_TIMESTAMP, ?, 0, '{}', 'verified', CURRENT_TIMESTAMP, 'webhook',
                        CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                      """,
                      "a" + System.nanoTime(),
                      owner,
                      new byte[0]);
                }
              });
      new Schema(database.dataSource()).migrate();
      var clock = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1));
      var store = new EventStore(database.jdbi(), clock, 4);
      var reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
      assertThat(reader.countByStatus(Scope.everything()))
          .containsEntry(EventStatus.PROCESSING, 3L);

      assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(3, 0));

      assertThat(store.claim(Claims.due("me", 5, Duration.ofMinutes(1))))
          .hasSize(3)
          .allSatisfy(
              event -> {
                assertThat(event.claimNo()).as("the one before was 3").isEqualTo(4);
                assertThat(event.attempts()).isEqualTo(3);
                assertThat(reader.attempts(Scope.everything(), event.id()))
                    .extracting(Attempt::number)
                    .containsExactly(3L);
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckoutsStatusIsBroughtIntoTheNewWords(Engine engine) throws Exception {
    try (var database = TestDatabase.open(engine)) {
      rollBack(database, since(database, "0018-payment-money"));
      database
          .jdbi()
          .useHandle(
              handle -> {
                long id = 0;
                for (String row :
                    List.of(
                        "open pending null null open",
                        "paid approved accredited null paid",
                        "paid approved partially_refunded null partly_refunded",
                        "open refunded refunded null refunded",
                        "open charged_back settled null disputed",
                        "open in_mediation pending null disputed",
                        "open approved accredited amount_mismatch open",
                        "open refunded refunded amount_mismatch open")) {
                  String[] words = row.split(" ", -1);
                  handle.execute(
                      """
                      INSERT INTO checkouts (id, external_reference, contact_id, title, amount,
                        currency, status, created_at, updated_at)
                      VALUES (?, ?, 'c', ?, 10, 'ARS', ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
                      """,
                      ++id,
                      "r" + id,
                      words[4],
                      words[0]);
                  handle.execute(
                      """
                      INSERT INTO payments (mp_payment_id, checkout_id, status, status_detail,
                        amount, flag, created_at, updated_at)
                      VALUES (?, ?, ?, ?, 10, NULLIF(?, 'null'), CURRENT_TIMESTAMP,
                        CURRENT_TIMESTAMP)
                      """,
                      "p" + id,
                      id,
                      words[1],
                      words[2],
                      words[3]);
                }
              });

      new Schema(database.dataSource()).migrate();

      List<String> rows =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("SELECT title || ' ' || status FROM checkouts ORDER BY id")
                          .mapTo(String.class)
                          .list());
      assertThat(rows)
          .hasSize(8)
          .allSatisfy(row -> assertThat(row.split(" ", -1)[1]).isEqualTo(row.split(" ", -1)[0]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPooledConnectionComesBackAsItWas(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      ManagedDataSource pool = poolOfOne(database);
      pool.start();
      try {
        var schema = new Schema(pool);
        for (Runnable use : List.<Runnable>of(schema::pendingChanges, schema::migrate)) {
          use.run();
          try (var connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
          }
        }
      } finally {
        pool.stop();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangeWhoseTextIsAnotherThanWhenItRanIsRefused(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      execute(
          database,
          "UPDATE databasechangelog SET md5sum = '9:0123456789abcdef0123456789abcdef'"
              + " WHERE id = '0005-webhook-attempt'");

      assertThatThrownBy(() -> new Schema(database.dataSource()).migrate())
          .isInstanceOf(Schema.SchemaException.class)
          .hasMessageContaining("0005-webhook-attempt");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotCurrentIsSeenAndMadeSo(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      var schema = new Schema(database.dataSource());
      String missing = "DELETE FROM databasechangelog WHERE id = '0018-event-retried'";
      execute(database, missing);
      assertThat(schema.judge(true)).isEqualTo(new Schema.State(1, 0));

      schema.migrate();
      assertThat(schema.judge(true)).isEqualTo(new Schema.State(0, 0));

      execute(database, "UPDATE databasechangelog SET md5sum = NULL WHERE id = '0001-checkout'");
      schema.migrate();
      assertThat(database.count("databasechangelog WHERE md5sum IS NULL")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatANewerVersionHasDoneIsCounted(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      execute(
          database,
          """
          INSERT INTO databasechangelog (id, author, filename, dateexecuted, orderexecuted,
            exectype, md5sum)
          VALUES ('9999-newer', 'acuse', 'migrations/9999-newer.sql', CURRENT_TIMESTAMP, 9999,
            'EXECUTED', '9:0123456789abcdef0123456789abcdef')
          """);

      assertThat(new Schema(database.dataSource()).judge(true)).isEqualTo(new Schema.State(0, 1));
    }
  }

  private static void execute(TestDatabase database, String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  @Test
  void aLockThatAKilledProcessLeftIsReportedWithItsHolderAndTheCommandThatReleasesIt() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL)) {
      leaveLock(database);
      database.jdbi().useHandle(handle -> handle.execute("DELETE FROM databasechangelog"));

      assertThatThrownBy(() -> new Schema(database.dataSource(), 0).migrate())
          .isInstanceOf(Schema.SchemaException.class)
          .hasMessageContaining("locked by a-dead-host")
          .hasMessageContaining("db locks --force-release config.yml");
    }
  }

  @Test
  void aLockInAnH2FileIsOfADeadProcessAndReleased() {
    try (var database = TestDatabase.open(Engine.H2)) {
      leaveLock(database);

      new Schema(database.dataSource(), 0).migrate();

      boolean locked =
          database
              .jdbi()
              .withHandle(
                  handle ->
                      handle
                          .createQuery("SELECT locked FROM databasechangeloglock")
                          .mapTo(Boolean.class)
                          .one());
      assertThat(locked).isFalse();
    }
  }

  private static void leaveLock(TestDatabase database) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE databasechangeloglock SET locked = TRUE, lockgranted ="
                        + " CURRENT_TIMESTAMP, lockedby = 'a-dead-host (192.0.2.1)' WHERE id = 1"));
  }

  /** The pool of production, with a single connection that everybody gets. */
  private static ManagedDataSource poolOfOne(TestDatabase database) {
    var factory = new DataSourceFactory();
    factory.setUrl(database.url());
    factory.setUser(database.user());
    factory.setPassword(database.password());
    factory.setInitialSize(1);
    factory.setMinSize(1);
    factory.setMaxSize(1);
    return factory.build(new MetricRegistry(), "test");
  }

  @ParameterizedTest
  @EnumSource
  void anInstantComesBackUnchangedFromASessionInAnotherZone(Engine engine) {
    // The hour that the end of daylight saving time repeats in Los Angeles.
    var instants =
        List.of(
            Instant.parse("2026-11-01T08:30:00Z"),
            Instant.parse("2026-11-01T09:30:00.123456Z"),
            Instant.parse("2026-07-01T00:00:00Z"));
    try (var database = TestDatabase.open(engine)) {
      for (Instant instant : instants) {
        Instant back =
            database
                .jdbi()
                .withHandle(
                    handle ->
                        handle
                            .createQuery("SELECT CAST(:t AS TIMESTAMP WITH TIME ZONE)")
                            .bind("t", instant)
                            .mapTo(Instant.class)
                            .one());
        assertThat(back).isEqualTo(instant);
      }
    }
  }

  private static List<String> columns(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT LOWER(table_name || '.' || column_name)
                        FROM information_schema.columns
                        WHERE LOWER(table_schema) = 'public'
                        ORDER BY 1
                        """)
                    .mapTo(String.class)
                    .list());
  }

  private static List<String> tables(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT LOWER(table_name) FROM information_schema.tables
                        WHERE LOWER(table_schema) = 'public' ORDER BY 1
                        """)
                    .mapTo(String.class)
                    .list());
  }

  /** How many changes there were from this one on. */
  private static int since(TestDatabase database, String changeSet) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT COUNT(*) FROM databasechangelog WHERE orderexecuted >=
                          (SELECT orderexecuted FROM databasechangelog WHERE id = :id)
                        """)
                    .bind("id", changeSet)
                    .mapTo(Integer.class)
                    .one());
  }

  private static void rollBackEverything(TestDatabase database) throws Exception {
    rollBack(database, rollBack(database, 0));
  }

  /** Takes back so many of the latest changes; answers how many there were. */
  private static int rollBack(TestDatabase database, int count) throws Exception {
    try (var connection = database.dataSource().getConnection()) {
      var target =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      var liquibase = new Liquibase("migrations.xml", new ClassLoaderResourceAccessor(), target);
      int changes = target.getRanChangeSetList().size();
      if (count > 0) {
        liquibase.rollback(count, new Contexts(), new LabelExpression());
      }
      return changes;
    }
  }
}

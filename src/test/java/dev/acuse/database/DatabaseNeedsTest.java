package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.acuse.database.Schema.State;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What a start says of a database that is not what it must be. */
class DatabaseNeedsTest {

  @ParameterizedTest
  @EnumSource
  void aMigratedDatabaseIsFit(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      assertThat(schema(database).judge(true)).isEqualTo(new State(0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyDatabaseIsJudgedWithoutBeingChanged(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      State state = schema(database).judge(false);

      assertThat(state.pending()).isGreaterThan(10);
      try (Connection connection = database.dataSource().getConnection()) {
        assertThat(Tables.exists(connection, "databasechangelog")).isFalse();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void changesOfANewerVersionAreCounted(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      execute(database, NEWER_CHANGE.formatted(engine == Engine.H2 ? "h2" : "postgresql"));

      assertThat(schema(database).judge(true)).isEqualTo(new State(0, 1));
    }
  }

  private static final String NEWER_CHANGE =
      """
      INSERT INTO databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype)
      VALUES ('9001-later-%s', 'acuse', 'migrations/9001-later.sql', CURRENT_TIMESTAMP, 9001,
        'EXECUTED')
      """;

  @ParameterizedTest
  @CsvSource({"H2,INT,1", "H2,VARCHAR(9),0017", "POSTGRESQL,INT,1", "POSTGRESQL,TEXT,0017"})
  void aFloorThatThisVersionReachesIsNone(Engine engine, String type, String floor) {
    try (var database = TestDatabase.open(engine)) {
      raiseFloor(database, type, floor);

      assertThat(schema(database).judge(true)).isEqualTo(new State(0, 0));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "H2,INT,9001",
    "H2,VARCHAR(9),x",
    "POSTGRESQL,INT,9001",
    "POSTGRESQL,TEXT,9001",
    "POSTGRESQL,TEXT,2.0"
  })
  void aFloorAboveThisVersionIsRefused(Engine engine, String type, String floor) {
    try (var database = TestDatabase.open(engine)) {
      raiseFloor(database, type, floor);

      assertUnfit(schema(database), true, "schema_floor is " + floor);
      assertUnfit(schema(database), false, "start the newer version");
    }
  }

  private static void raiseFloor(TestDatabase database, String type, String floor) {
    execute(database, "DROP TABLE IF EXISTS schema_floor");
    execute(database, "CREATE TABLE schema_floor (version " + type + ")");
    execute(database, "INSERT INTO schema_floor VALUES ('" + floor + "')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQL_ASCII", "LATIN1"})
  void anotherEncodingThanUtf8IsRefused(String encoding) throws Exception {
    try (var server = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      String name = "encoded_" + encoding.toLowerCase(java.util.Locale.ROOT);
      execute(server, "DROP DATABASE IF EXISTS " + name);
      execute(
          server,
          "CREATE DATABASE "
              + name
              + " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '"
              + encoding
              + "'");
      var other = new PGSimpleDataSource();
      other.setURL(server.url());
      other.setDatabaseName(name);

      assertUnfit(new Schema(other), true, "has the encoding " + encoding + ": it must be UTF8");

      execute(server, "DROP DATABASE " + name);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDatabaseThatTakesNoWritesIsRefused(boolean migrates) {
    try (var database = TestDatabase.open(Engine.POSTGRESQL)) {
      set(database, "default_transaction_read_only", "on");

      assertUnfit(schemaOf(database), migrates, "is read-only");
    }
  }

  @Test
  void aUserWhoMayMakeNoTablesIsRefusedOnlyWhereSomeMustBeMade() throws Exception {
    try (var empty = TestDatabase.openEmpty(Engine.POSTGRESQL);
        var migrated = TestDatabase.open(Engine.POSTGRESQL)) {
      asGuest(empty);
      assertUnfit(guest(empty), true, "may not make tables in the schema public: run GRANT CREATE");
      assertThat(guest(empty).judge(false).pending()).isPositive();

      asGuest(migrated);
      assertThat(guest(migrated).judge(true)).isEqualTo(new State(0, 0));

      execute(migrated, "ALTER ROLE acuse_guest SET search_path TO nowhere");
      assertUnfit(guest(migrated), true, "no schema to make tables in");
    } finally {
      try (var server = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
        execute(server, "DROP ROLE IF EXISTS acuse_guest");
      }
    }
  }

  private static void asGuest(TestDatabase database) {
    execute(
        database,
        "DO $$ BEGIN CREATE ROLE acuse_guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL;"
            + " END $$");
    execute(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    execute(database, "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO acuse_guest");
  }

  private static Schema guest(TestDatabase database) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setURL(database.url());
    dataSource.setUser("acuse_guest");
    return new Schema(dataSource);
  }

  /** A new session, which has the settings of the database. */
  private static Schema schemaOf(TestDatabase database) {
    var dataSource = new PGSimpleDataSource();
    dataSource.setURL(database.url());
    return new Schema(dataSource);
  }

  private static Schema schema(TestDatabase database) {
    return new Schema(database.dataSource());
  }

  private static void set(TestDatabase database, String name, String value) {
    try (Connection connection = DriverManager.getConnection(database.url());
        var statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE " + connection.getCatalog() + " SET " + name + " TO " + value);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(TestDatabase database, String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private static void assertUnfit(Schema schema, boolean migrates, String part) {
    Throwable failure = catchThrowable(() -> schema.judge(migrates));
    assertThat(failure).isInstanceOf(UnfitDatabaseException.class).hasMessageContaining(part);
    assertThat(failure.getMessage()).doesNotContain("\n");
    assertThatThrownBy(() -> schema.judge(migrates)).hasMessage(failure.getMessage());
  }
}

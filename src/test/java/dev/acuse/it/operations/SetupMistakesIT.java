package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Installations in which one thing is wrong, started as processes: each ends with a status that is
 * not 0, and with one line that names the key.
 */
@Tag("slow")
class SetupMistakesIT {
  private static final String CANARY = "canary0secret";
  private static final String H2_SETTINGS = ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

  private static Sandbox sandbox;
  private static TestDatabase postgres;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    postgres = TestDatabase.open(Engine.POSTGRESQL);
  }

  @AfterAll
  static void stop() {
    postgres.close();
    sandbox.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PORT            | TAKEN        | server.applicationConnectors: port",
        "ADMIN_PORT      | TAKEN        | server.adminConnectors: 127.0.0.1:",
        "PORT            | 99999        | server.applicationConnectors[0].port (PORT) must be",
        "PORT            | abc          | server.applicationConnectors[0].port (PORT) must be a whole",
        "ACUSE_LEASE     | 60sec        | dispatch.lease (ACUSE_LEASE) must be a duration such as",
        "ACUSE_RETRY_DELAYS | soon      | retryDelays",
        "MP_BASE_URL     | ftp://x      | mercadoPago.baseUrl (MP_BASE_URL) must be an http",
        "LOG_DIR         | FILE/logs    | currentLogFilename of an appender (LOG_DIR)",
        "ACUSE_SPOOL_DIR | FILE/spool   | intake.spool.folder (ACUSE_SPOOL_DIR) cannot be used",
        "DATABASE_URL    | jdbc:h2:file:FILE/db | database.url (DATABASE_URL)",
        "DATABASE_URL    | jdbc:h2:file:FOLDER  | it is a folder",
        "DATABASE_URL    | jdbc:mysql://h/db    | must begin with jdbc:h2: or jdbc:postgresql:",
        "DATABASE_URL    | jdbc:postgresql://u:canary0secret@h/db | must not name a user",
        "DATABASE_URL    | jdbc:postgresql://h:x/db?password=canary0secret | the port behind a host",
        "DATABASE_URL    | MISSING      | database \"nowhere\" does not exist",
        "DATABASE_URL    | STRANGER     | database.user and database.password (DATABASE_USER",
      })
  void aServerWithAWrongVariableSaysSoInOneLine(String variable, String value, String part)
      throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Files.createDirectory(folder.resolve("folder.mv.db"));
    try (var taken = new ServerSocket(0)) {
      String real =
          value
              .replace("TAKEN", String.valueOf(taken.getLocalPort()))
              .replace("FILE", file.toString())
              .replace("FOLDER", folder.resolve("folder").toString())
              .replace("MISSING", withDatabase("nowhere"))
              .replace("STRANGER", postgres.url().replaceFirst("user=\\w+", "user=stranger"));
      Map<String, String> environment = environment(h2());
      environment.put(variable, real.startsWith("jdbc:h2:") ? real + H2_SETTINGS : real);

      assertOneLine(run(environment, "server"), part);
    }
  }

  private static String withDatabase(String name) {
    return postgres.url().replaceFirst("(//[^/]+/)\\w+", "$1" + name);
  }

  @ParameterizedTest
  @CsvSource({"server", "process", "db status"})
  void aWrongPasswordOfAnH2FileIsSaidInOneLine(String command) throws Exception {
    Map<String, String> environment = environment(h2());
    try (Connection owner = DriverManager.getConnection(h2(), "sa", "right")) {
      assertThat(owner.isValid(1)).isTrue();
    }
    environment.put("DATABASE_PASSWORD", CANARY);

    assertOneLine(
        run(environment, command.split(" ")), "(DATABASE_USER, DATABASE_PASSWORD) are refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default_transaction_read_only TO on    | is read-only",
        "search_path TO nowhere                 | no schema to make tables in",
      })
  void aPostgresqlThatIsNotWhatItMustBeIsRefusedInOneLine(String setting, String part)
      throws Exception {
    try (var database = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      try (Connection connection = DriverManager.getConnection(database.url());
          var statement = connection.createStatement()) {
        statement.execute("ALTER DATABASE " + connection.getCatalog() + " SET " + setting);
      }
      Map<String, String> environment = environment(database.url());
      environment.put("ACUSE_MIGRATE_ON_START", "true");

      assertOneLine(run(environment, "server"), part);
    }
  }

  @Test
  void anOlderSchemaIsRefusedWhereItMayNotBeMigratedAndANewerOneByItsFloorAlone() {
    try (var empty = TestDatabase.openEmpty(Engine.POSTGRESQL)) {
      assertOneLine(run(environment(empty.url()), "server"), "ACUSE_MIGRATE_ON_START=true");
    }
    try (var newer = TestDatabase.open(Engine.POSTGRESQL)) {
      newer.jdbi().useHandle(handle -> handle.execute(NEWER_CHANGE));
      try (AcuseProcess acuse = AcuseProcess.start(newer, sandbox, Map.of())) {
        assertThat(acuse.output().lines().filter(line -> line.contains("does not know")))
            .hasSize(1);
      }
      newer
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("DELETE FROM schema_floor");
                handle.execute("INSERT INTO schema_floor VALUES (9001)");
              });

      assertOneLine(run(environment(newer.url()), "server"), "schema_floor is 9001");
    }
  }

  private static final String NEWER_CHANGE =
      """
      INSERT INTO databasechangelog (id, author, filename, dateexecuted, orderexecuted, exectype)
      VALUES ('9001-later', 'acuse', 'migrations/9001-later.sql', now(), 9001, 'EXECUTED')
      """;

  @Test
  void aSecondProcessOnOneFileIsRefusedInOneLine() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      try (AcuseProcess first = AcuseProcess.start(database, sandbox, Map.of())) {
        assertThat(first.isRunning()).isTrue();

        assertOneLine(run(environment(database.url()), "server"), "open in another process");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server            | needs the configuration's file",
        "server nosuch.yml | nosuch.yml is no file",
        "serve config.yml  | \"serve\" is no command",
      })
  void aWrongCommandLineIsRefusedInOneLine(String line, String part) throws Exception {
    assertOneLine(AcuseCommand.run(environment(h2()), line.split(" ")), part);
  }

  private String h2() {
    return "jdbc:h2:file:" + folder.resolve("acuse") + H2_SETTINGS;
  }

  private Map<String, String> environment(String url) {
    Map<String, String> environment = new HashMap<>(AcuseCommand.environment(postgres, sandbox));
    environment.put("DATABASE_URL", url);
    environment.put("DATABASE_USER", url.startsWith("jdbc:h2:") ? "sa" : "");
    environment.put("ACUSE_SPOOL_DIR", folder.resolve("spool").toString());
    environment.put("ACUSE_MIGRATE_ON_START", url.startsWith("jdbc:h2:") ? "true" : "false");
    environment.put("MP_ACCESS_TOKEN", CANARY);
    return environment;
  }

  private static AcuseCommand.Ended run(Map<String, String> environment, String... command) {
    String[] whole = java.util.Arrays.copyOf(command, command.length + 1);
    whole[command.length] = "config.yml";
    return AcuseCommand.run(environment, whole);
  }

  /** Beside lines of the log there is one line. */
  private static void assertOneLine(AcuseCommand.Ended ended, String part) {
    assertThat(ended.output()).doesNotContain("\tat ").doesNotContain(CANARY);
    List<String> said =
        ended
            .output()
            .lines()
            .filter(line -> !line.matches("(LOGBACK: No context given|\\S+Z (INFO|WARN) ).*"))
            .toList();
    assertThat(said).as(ended.output()).singleElement().asString().contains(part);
    assertThat(ended.status()).isEqualTo(1);
  }
}

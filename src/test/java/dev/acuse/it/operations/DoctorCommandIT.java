package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code doctor}, as an operator runs it. */
@Tag("slow")
class DoctorCommandIT {
  private static final String CANARY = "canary0secret";

  private static Sandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void runningServiceIsAskedAndItsEnvironmentIsWhatCounts() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      try (AcuseProcess acuse =
          AcuseProcess.start(
              database, sandbox, Map.of("ACUSE_ADMIN_TOKEN", CANARY, "ACUSE_WORKER", CANARY))) {
        Map<String, String> environment = environment(database, acuse.adminPort());
        environment.put("ACUSE_ADMIN_TOKEN", CANARY);

        AcuseCommand.Ended people = AcuseCommand.run(environment, "doctor", "config.yml");
        assertThat(people.output().lines().findFirst().orElseThrow())
            .startsWith("The service at http://127.0.0.1:" + acuse.adminPort() + "/ (Acuse ");
        assertThat(people.output())
            .containsPattern("(?m)^ok +database\\.schema +the schema is up to date$")
            .contains("ACUSE_WORKER is set, and nothing reads it: ACUSE_WORKERS is meant?")
            .doesNotContain(CANARY)
            .doesNotContain("\tat ");
        assertThat(people.lastLine()).matches("\\d+ wrong, \\d+ advice, \\d+ ok");

        AcuseCommand.Ended programs =
            AcuseCommand.run(environment, "doctor", "config.yml", "--json");
        JsonNode json = RunningAcuse.json(programs.output());
        assertThat(json.path("service").asBoolean()).isTrue();
        assertThat(programs.status())
            .isEqualTo(json.path("worst").asText().equals("wrong") ? 1 : 0);
        assertThat(programs.output()).doesNotContain(CANARY);

        environment.put("ACUSE_ADMIN_TOKEN", "another");
        AcuseCommand.Ended refused = AcuseCommand.run(environment, "doctor", "config.yml");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output().lines())
            .singleElement()
            .asString()
            .contains("refuses us: adminPort.token (ACUSE_ADMIN_TOKEN) is not the token it has");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAServiceItLooksItselfAndMakesAndMigratesNothing(Engine engine) throws Exception {
    try (var database = TestDatabase.openEmpty(engine)) {
      database.disconnect();
      Map<String, String> environment = environment(database, FreePorts.next());
      environment.put("ACUSE_SPOOL_DIR", database.folder().resolve("spool").toString());
      Path file = database.folder().resolve("acuse.mv.db");

      AcuseCommand.Ended first = AcuseCommand.run(environment, "doctor", "config.yml");

      assertThat(first.output().lines().findFirst().orElseThrow()).startsWith("No service runs: ");
      assertThat(first.output()).doesNotContain("\tat ");
      if (engine == Engine.H2) {
        assertThat(first.output()).contains("is not there yet: the first start of the service");
        assertThat(Files.exists(file)).isFalse();
      } else {
        assertThat(first.status()).isEqualTo(1);
        assertThat(first.output()).containsPattern("(?m)^WRONG +database\\.schema +");
        assertThat(tables(database)).isZero();
      }

      database.disconnect();
      assertThat(AcuseCommand.run(environment, "db", "migrate", "config.yml").status()).isZero();
      AcuseCommand.Ended after = AcuseCommand.run(environment, "doctor", "config.yml", "--json");
      JsonNode json = RunningAcuse.json(after.output());
      assertThat(json.path("service").asBoolean()).isFalse();
      assertThat(after.output())
          .contains("\"name\":\"database.schema\",\"level\":\"ok\"")
          .contains("no webhook has come yet");
    }
  }

  @Test
  void brokenH2FileIsSaidAndLeftAsItIs() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      Path file;
      try (var files = Files.list(database.folder())) {
        file = files.filter(one -> one.toString().endsWith(".mv.db")).findFirst().orElseThrow();
      }
      byte[] broken = new byte[(int) Files.size(file)];
      Files.write(file, broken);

      AcuseCommand.Ended ended =
          AcuseCommand.run(environment(database, FreePorts.next()), "doctor", "config.yml");

      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.output())
          .containsPattern("(?m)^WRONG +database +it cannot be opened: ")
          .doesNotContain("\tat ");
      assertThat(Files.readAllBytes(file)).isEqualTo(broken);
    }
  }

  private static Map<String, String> environment(TestDatabase database, int adminPort) {
    Map<String, String> environment = AcuseCommand.environment(database, sandbox);
    environment.put("ADMIN_PORT", String.valueOf(adminPort));
    return environment;
  }

  private static long tables(TestDatabase database) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        ResultSet tables = connection.getMetaData().getTables(null, "public", null, null)) {
      long count = 0;
      while (tables.next()) {
        count++;
      }
      return count;
    }
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.admin.OperatorTask;
import dev.acuse.admin.RunningService;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tasks {@code key} and {@code person}, as the commands of these names call them. */
class AccessTasksIT {
  private static final String PASSWORD = "canary horse battery";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse = RunningAcuse.start(database, sandbox, Map.of("api.token", "let-me-in"));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  private record Said(int status, List<String> lines) {}

  private static Said task(String name, Map<String, String> parameters) {
    List<String> lines = new ArrayList<>();
    int status =
        new RunningService(
                URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/"), Secret.NONE)
            .run(name, parameters, lines::add, PATIENCE);
    return new Said(status, lines);
  }

  private static int asked(String key) {
    return acuse
        .exchange(
            HttpRequest.newBuilder(acuse.url("/api/payments"))
                .header("Authorization", "Bearer " + key)
                .build())
        .statusCode();
  }

  @Test
  void aKeyIsMadeUsedListedAndRevokedAndNoLogHasIt() {
    try (var log = new LoggedLines(OperatorTask.class)) {
      Said made =
          task(
              "key",
              Map.of(
                  "do", "add", "name", "crm", "role", "read", "accounts", "*", "expires", "90d"));
      assertThat(made.status()).as(made.toString()).isEqualTo(200);
      String key = made.lines().get(1);
      assertThat(key).matches("ack_[A-Za-z0-9_-]{43}");
      assertThat(asked(key)).isEqualTo(200);

      Said listed = task("key", Map.of("do", "list"));
      assertThat(listed.lines())
          .singleElement()
          .asString()
          .contains("crm  read  *  …" + key.substring(43) + "  expires ")
          .doesNotContain(key);
      assertThat(task("key", Map.of("do", "revoke", "name", "crm")).status()).isEqualTo(200);
      assertThat(asked(key)).isEqualTo(401);
      assertThat(task("key", Map.of("do", "revoke", "name", "nosuch")).status()).isEqualTo(404);
      assertThat(log.lines())
          .anyMatch(line -> line.contains("Key crm is made"))
          .noneMatch(line -> line.contains(key.substring(4)));
    }
  }

  @Test
  void aPersonIsAddedChangedListedAndRemovedAndNoLogHasThePassword() {
    try (var log = new LoggedLines(OperatorTask.class)) {
      Said added =
          task(
              "person",
              Map.of(
                  "do",
                  "add",
                  "name",
                  "ana",
                  "role",
                  "viewer",
                  "accounts",
                  "main",
                  "password",
                  PASSWORD));
      assertThat(added.status()).as(added.toString()).isEqualTo(200);
      assertThat(
              task("person", Map.of("do", "set", "name", "ana", "role", "admin", "accounts", "*"))
                  .lines())
          .containsExactly("ana is admin of *; sessions of before have ended.");
      assertThat(task("person", Map.of("do", "list")).lines()).containsExactly("ana  admin  *");
      assertThat(task("person", Map.of("do", "remove", "name", "ana")).status()).isEqualTo(200);
      assertThat(task("person", Map.of("do", "list")).lines())
          .singleElement()
          .asString()
          .startsWith("ana  admin  *  removed 2");
      assertThat(log.lines()).isNotEmpty().noneMatch(line -> line.contains(PASSWORD));
    }
  }

  @Test
  void badInputIsNamedByItsParameter() {
    Map<Map<String, String>, String> wrong =
        Map.of(
            Map.of("do", "spin"), "'do'",
            Map.of("name", "x"), "'do' is missing",
            Map.of("do", "add", "role", "read", "accounts", "*"), "'name'",
            Map.of("do", "add", "name", "x", "role", "boss", "accounts", "*"), "'role'",
            Map.of("do", "add", "name", "x", "role", "read"), "'accounts'",
            Map.of("do", "add", "name", "x", "role", "read", "accounts", "main,nosuch"),
                "'accounts'",
            Map.of("do", "add", "name", "x", "role", "read", "accounts", "*", "expires", "soon"),
                "'expires'",
            Map.of("do", "add", "name", "x", "role", "read", "accounts", "*", "expires", "5 moons"),
                "'expires'",
            Map.of(
                    "do",
                    "add",
                    "name",
                    "x",
                    "role",
                    "read",
                    "accounts",
                    "*",
                    "expires",
                    "2001-01-01T00:00:00Z"),
                "'expires' must be in the future");
    wrong.forEach(
        (parameters, said) -> {
          Said answer = task("key", parameters);
          assertThat(answer.status()).as(parameters.toString()).isEqualTo(400);
          assertThat(String.join(" ", answer.lines())).as(parameters.toString()).contains(said);
        });
    Said shorter =
        task(
            "person",
            Map.of("do", "add", "name", "x", "role", "viewer", "accounts", "*", "password", "1"));
    assertThat(shorter.status()).isEqualTo(400);
    assertThat(shorter.lines()).singleElement().asString().contains("'password'");
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.database.Schema;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands of the jar, as an operator runs them; {@code process} has a class of its own. */
@Tag("slow")
class CommandsIT {
  private static final Pattern EXPORT = Pattern.compile("export (\\w+)=(\\S+)");
  private static final Pattern PENDING =
      Pattern.compile("(\\d+) change ?sets have not been applied");

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void schemaIsShownBroughtUpToDateAndTakenBackAndAServerInsistsOnIt(Engine engine) {
    try (var database = TestDatabase.openEmpty(engine)) {
      int all = new Schema(database.dataSource()).pendingChanges();
      database.disconnect();
      assertThat(pending(run(database, "db", "status", "config.yml"))).isEqualTo(all);

      AcuseCommand.Ended refused = run(database, "server", "config.yml");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.output())
          .contains("lacks " + all + " changes: run \"db migrate config.yml\"")
          .doesNotContain("\tat ");

      assertThat(run(database, "db", "migrate", "config.yml").status()).isZero();
      AcuseCommand.Ended upToDate = run(database, "db", "status", "config.yml");
      assertThat(upToDate.output()).contains("is up to date");

      assertThat(run(database, "db", "rollback", "config.yml", "--count", "1").status()).isZero();
      assertThat(run(database, "db", "status", "config.yml").output())
          .containsPattern("\\b1 change ?sets? ha(s|ve) not been applied");
    }
  }

  @Test
  void checkSaysWhetherTheConfigurationIsRightAndElseNamesTheKey() {
    try (var database = TestDatabase.openEmpty(Engine.H2)) {
      Map<String, String> environment = AcuseCommand.environment(database, sandbox);
      AcuseCommand.Ended right = AcuseCommand.run(environment, "check", "config.yml");
      assertThat(right.status()).as(right.output()).isZero();

      environment.put("ACUSE_MIGRATE_ON_START", "perhaps");
      AcuseCommand.Ended wrong = AcuseCommand.run(environment, "check", "config.yml");
      assertThat(wrong.status()).isEqualTo(1);
      assertThat(wrong.output())
          .contains("migrateOnStart (ACUSE_MIGRATE_ON_START) must be true, false or auto")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void checkNamesWhatIsNotSetAndWhatIsMisspelledAndEndsWithZero() {
    try (var database = TestDatabase.openEmpty(Engine.H2)) {
      Map<String, String> environment = AcuseCommand.environment(database, sandbox);
      environment.put("MP_ACCESS_TOKEN", "");
      environment.put("MP_ACESS_TOKEN", "canary0secret");
      environment.put("DATABASE_ULR", "canary0secret");
      AcuseCommand.Ended check = AcuseCommand.run(environment, "check", "config.yml");

      assertThat(check.status()).as(check.output()).isZero();
      assertThat(check.output().lines())
          .contains(
              "config.yml is right.",
              "MP_ACCESS_TOKEN is not set: webhooks are stored, and wait for it",
              "MP_ACESS_TOKEN is set, and nothing reads it: MP_ACCESS_TOKEN is meant?",
              "DATABASE_ULR is set, and nothing reads it: DATABASE_URL is meant?");
      assertThat(check.output()).doesNotContain("canary0secret", "MP_WEBHOOK_SECRET is");
    }
  }

  @Test
  void serverWarnsOfWhatIsMisspelledOnce() {
    try (var database = TestDatabase.open(Engine.H2)) {
      database.disconnect();
      Map<String, String> environment = AcuseCommand.environment(database, sandbox);
      environment.put("ACUSE_WORKER", "canary0secret");
      try (AcuseCommand server = AcuseCommand.start(environment, "server", "config.yml")) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> server.output().contains("WARN  AcuseServerCommand"));
        AcuseCommand.Ended ended = server.terminate();

        assertThat(ended.output())
            .containsOnlyOnce("ACUSE_WORKER is set, and nothing reads it: ACUSE_WORKERS is meant?")
            .doesNotContain("canary0secret");
      }
    }
  }

  @Test
  void whatIsPaidAtTheSandboxAndTriggeredIsWorkedOffByTheService() throws Exception {
    try (var database = TestDatabase.open(Engine.H2);
        AcuseCommand remote =
            AcuseCommand.start(
                AcuseCommand.environment(database, sandbox),
                "sandbox",
                "--mp-port",
                "0",
                "--ghl-port",
                "0")) {
      database.disconnect();
      await().atMost(Duration.ofMinutes(1)).until(() -> remote.output().contains("/_sandbox/"));
      Map<String, String> environment = exports(remote.output());
      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, environment)) {
        register(acuse);
        String payment = pay(environment.get("MP_BASE_URL"));

        AcuseCommand.Ended told = trigger(acuse, environment, "--id", payment);

        assertThat(told.status()).isZero();
        assertThat(told.lastLine()).startsWith("200 {").contains("\"status\":\"stored\"");
        await().until(() -> !acuse.items(SUCCESSFUL + payment).isEmpty());
        assertThat(call("GET", environment.get("MP_BASE_URL") + "/_sandbox/state"))
            .contains("\"tag_calls\":1");

        AcuseCommand.Ended forged = trigger(acuse, environment, "--secret", "another");
        assertThat(forged.status()).isEqualTo(1);
        assertThat(forged.output()).contains("401 {").doesNotContain("\tat ");
      }
    }
  }

  private static final String SUCCESSFUL = "/api/webhook-events?status=success&payment_id=";

  private AcuseCommand.Ended run(TestDatabase database, String... arguments) {
    return AcuseCommand.run(AcuseCommand.environment(database, sandbox), arguments);
  }

  private static AcuseCommand.Ended trigger(
      AcuseProcess acuse, Map<String, String> environment, String option, String value) {
    String url = acuse.url("/webhooks/mp").toString();
    return AcuseCommand.run(environment, "trigger", "payment.approved", "--to", url, option, value);
  }

  private static int pending(AcuseCommand.Ended status) {
    Matcher count = PENDING.matcher(status.output());
    assertThat(count.find()).as(status.output()).isTrue();
    return Integer.parseInt(count.group(1));
  }

  private static Map<String, String> exports(String printed) {
    Map<String, String> environment = new TreeMap<>();
    Matcher line = EXPORT.matcher(printed);
    while (line.find()) {
      environment.put(line.group(1), line.group(2));
    }
    return environment;
  }

  private static void register(AcuseProcess acuse) {
    int status =
        acuse.post(
            "/api/checkouts",
            """
            {"external_reference": "order-1", "contact_id": "contact1", "amount": 10,
             "currency": "ARS", "title": "Consulta"}
            """);
    assertThat(status).isEqualTo(201);
  }

  /** Pays the checkout by the lever that the sandbox prints; answers the payment's id. */
  private static String pay(String sandboxUrl) throws Exception {
    String answer =
        call("POST", sandboxUrl + "/_sandbox/pay?external_reference=order-1&status=approved");
    String id = RunningAcuse.json(answer).path("payment_id").asText();
    assertThat(id).as(answer).matches("\\d+");
    return id;
  }

  private static String call(String method, String url) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}

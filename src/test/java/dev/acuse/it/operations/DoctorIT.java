package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.admin.RunningService;
import dev.acuse.doctor.Finding;
import dev.acuse.doctor.Level;
import dev.acuse.doctor.Report;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.sandbox.mercadopago.RefusedCaller;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the running service finds when it looks at itself. */
class DoctorIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @AfterEach
  void close() {
    sandbox.close();
  }

  @ParameterizedTest
  @EnumSource
  void serviceLooksAtAllThereIsAndSaysWhatIsSo(Engine engine) {
    try (var database = TestDatabase.open(engine);
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      acuse.checkout("order-1", "contact1");
      var change =
          sandbox
              .mercadoPago()
              .pay("order-1", dev.acuse.sandbox.mercadopago.PaymentOutcome.APPROVED);
      acuse.send(sandbox.notifications().paymentCreated(Long.toString(change.payment().id())));
      Awaitility.await().until(() -> !sandbox.goHighLevel().tagsOf("contact1").isEmpty());

      Report report = look(acuse);

      Map<String, Finding> found = byName(report);
      assertThat(report.isOfService()).isTrue();
      assertThat(found.get("settings.alert-webhook").level()).isEqualTo(Level.ADVICE);
      assertThat(found.get("settings.mp-base-url").level()).isEqualTo(Level.ADVICE);
      assertThat(found).doesNotContainKeys("settings.mp-access-token", "settings.webhook-secret");
      assertThat(text(found, "database.version"))
          .startsWith(engine == Engine.H2 ? "H2 2." : "PostgreSQL ");
      assertOk(found, "database.schema");
      assertThat(found.get("database.durability")).isNotNull();
      if (engine == Engine.POSTGRESQL) {
        assertOk(found, "database.encoding", "database.isolation");
      } else {
        assertThat(text(found, "disk.database-sync")).contains("takes");
      }
      assertThat(text(found, "disk.spool")).contains("MiB left");
      assertThat(text(found, "limits.memory")).contains("the heap may have");
      assertThat(text(found, "limits.descriptors")).contains("may be open");
      assertThat(text(found, "mercadopago.token"))
          .isEqualTo("the token is of the account 448800001 (MLA)");
      assertOk(
          found,
          "mercadopago.token",
          "mercadopago.clock",
          "mercadopago.search",
          "mercadopago.orders",
          "gohighlevel.token");
      assertThat(text(found, "gohighlevel.location")).isEqualTo("the sub-account is \"Sandbox\"");
      assertOk(found, "webhooks.last", "webhooks.payment", "inbox");
      assertThat(text(found, "webhooks.topics"))
          .contains("in the last 7 days: payment; before: none; never: ")
          .contains("topic_chargebacks_wh");
      assertThat(report.json()).doesNotContain(secrets());
    }
  }

  @Test
  void whatIsWrongIsSaidWithWhatToDoAndWithoutSecrets() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse =
            RunningAcuse.start(
                database,
                sandbox,
                Map.of(
                    "mercadoPago.collectorId", "77",
                    "mercadoPago.notificationUrl", "http://acuse.invalid/hook"))) {
      sandbox.goHighLevel().faults().always(Fault.status(401));

      Map<String, Finding> found = byName(look(acuse));

      assertWrong(found, "mercadopago.token", "MP_COLLECTOR_ID names 77");
      assertWrong(found, "gohighlevel.token", "contacts.write");
      assertWrong(found, "address.tls", "is not https");
      assertThat(found.get("address.path").level()).isEqualTo(Level.ADVICE);
      assertThat(found.get("webhooks.last").text()).contains("no webhook has come yet");

      sandbox.mercadoPago().faults().always(RefusedCaller.INVALID_TOKEN.fault());
      Report refused = look(acuse);

      assertWrong(byName(refused), "mercadopago.token", "MP_ACCESS_TOKEN");
      assertThat(refused.worst()).isEqualTo(Level.WRONG);
      assertThat(refused.json()).doesNotContain(secrets());
    }
  }

  @Test
  void serviceWithoutTokensSaysWhatWaitsForThem() {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse =
            RunningAcuse.start(
                database,
                sandbox,
                Map.of(
                    "mercadoPago.accessToken", "",
                    "mercadoPago.webhookSecrets", "",
                    "goHighLevel.token", ""))) {
      Map<String, Finding> found = byName(look(acuse));

      assertWrong(found, "settings.mp-access-token", "MP_ACCESS_TOKEN is not set");
      assertThat(found.get("settings.ghl-token").level()).isEqualTo(Level.ADVICE);
      assertThat(found.get("settings.webhook-secret").level()).isEqualTo(Level.ADVICE);
      assertThat(found.get("mercadopago").level()).isEqualTo(Level.ADVICE);
      assertThat(found.get("gohighlevel").level()).isEqualTo(Level.ADVICE);
    }
  }

  @Test
  void taskPrintsLinesForPeopleAndLeavesNothingBehind() throws Exception {
    try (var database = TestDatabase.open(Engine.H2);
        var acuse = RunningAcuse.start(database, sandbox, Map.of())) {
      List<String> lines = new ArrayList<>();
      service(acuse).run("doctor", Map.of(), lines::add, PATIENCE);

      assertThat(lines).anyMatch(line -> line.matches("ok +database\\.schema +the schema is .*"));
      assertThat(lines.get(lines.size() - 1)).matches("\\d+ wrong, \\d+ advice, \\d+ ok");
      assertThat(database.count("operator_actions")).isZero();
      try (var files = java.nio.file.Files.list(database.folder())) {
        assertThat(files.map(file -> file.getFileName().toString()).toList())
            .noneMatch(name -> name.contains("doctor"));
      }
    }
  }

  private String[] secrets() {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    return new String[] {
      credentials.accessToken(), credentials.webhookSecret(), credentials.goHighLevelToken()
    };
  }

  private static RunningService service(RunningAcuse acuse) {
    return new RunningService(
        URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/"), Secret.NONE);
  }

  private static Report look(RunningAcuse acuse) {
    List<String> lines = new ArrayList<>();
    int status = service(acuse).run("doctor", Map.of("json", "true"), lines::add, PATIENCE);
    assertThat(status).as("%s", lines).isEqualTo(200);
    return Report.read(String.join("\n", lines));
  }

  private static Map<String, Finding> byName(Report report) {
    return report.findings().stream()
        .collect(
            Collectors.toMap(Finding::name, one -> one, (first, second) -> first, TreeMap::new));
  }

  private static String text(Map<String, Finding> found, String name) {
    assertThat(found).containsKey(name);
    return found.get(name).text();
  }

  private static void assertOk(Map<String, Finding> found, String... names) {
    for (String name : names) {
      assertThat(found.get(name)).as(name + " of " + found).isNotNull();
      assertThat(found.get(name).level()).as(found.get(name).text()).isEqualTo(Level.OK);
    }
  }

  private static void assertWrong(Map<String, Finding> found, String name, String text) {
    assertThat(text(found, name)).contains(text);
    assertThat(found.get(name).level()).isEqualTo(Level.WRONG);
  }
}

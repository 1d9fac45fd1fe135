package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.admin.RunningService;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.Engine;
import dev.acuse.support.FreePorts;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The commands about accounts, applications and their keys, beside a service and without one. */
class AccountCommandsIT {
  private static final String TOKEN = "APP_USR-7910-112233-canary00000001abcdef-3001";
  private static final String CRM_TOKEN = "pit-canary-command-token";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "canary-webhook-secret-command-1";

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final Map<String, String> environment = new HashMap<>();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    sandbox.close();
  }

  private record Ended(boolean isGood, String out, String err) {
    String all() {
      return out + err;
    }
  }

  /** In this process, as the jar runs it. */
  private Ended run(String input, String... arguments) {
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    var complained = new PrintStream(err, true, StandardCharsets.UTF_8);
    var application = new AcuseApplication(environment);
    var bootstrap = new Bootstrap<>(application);
    bootstrap.addCommand(new AccountCommand(in, printed, complained, environment::get));
    bootstrap.addCommand(new ApplicationCommand(in, printed, complained, environment::get));
    bootstrap.addCommand(new KeyCommand(printed));
    application.initialize(bootstrap);
    boolean isGood =
        new Cli(new JarLocation(AcuseApplication.class), bootstrap, out, err)
            .run(arguments)
            .isEmpty();
    var ended =
        new Ended(
            isGood, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    assertThat(ended.all()).doesNotContain("canary", "\tat ");
    return ended;
  }

  private String good(String input, String... arguments) {
    Ended ended = run(input, arguments);
    assertThat(ended.isGood()).as(ended.all()).isTrue();
    return ended.out();
  }

  private String bad(String... arguments) {
    Ended ended = run("", arguments);
    assertThat(ended.isGood()).as(ended.all()).isFalse();
    return ended.err();
  }

  private String file(String name, String content) throws Exception {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private void without(TestDatabase database) {
    database.disconnect();
    environment.putAll(AcuseCommand.environment(database, sandbox));
    environment.put("ADMIN_PORT", Integer.toString(FreePorts.next()));
    environment.put("MP_COLLECTOR_ID", Long.toString(sandbox.mercadoPago().seller().userId()));
    environment.put("ACUSE_SPOOL_DIR", folder.resolve("spool").toString());
    environment.put("DATABASE_PASSWORD", database.password());
    if (database.engine() == Engine.POSTGRESQL) {
      environment.put("ACUSE_KEY", key(1));
    }
  }

  private static String key(int first) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    return Base64.getEncoder().encodeToString(key);
  }

  @ParameterizedTest
  @EnumSource
  void withoutAServiceTheyWorkOnTheDatabaseThemselves(Engine engine) throws Exception {
    try (TestDatabase database = TestDatabase.open(engine)) {
      without(database);
      // The mistakes are the same on both.
      everyCommandWorks(engine == Engine.H2);
      if (engine == Engine.POSTGRESQL) {
        environment.put("ACUSE_KEY", key(2) + "," + key(1));
        assertThat(good("", "key", "rotate", "config.yml"))
            .contains("1 secrets are sealed anew", "No other key is in use");
        environment.put("ACUSE_KEY", key(2));
        assertThat(good("", "application", "list", "config.yml"))
            .doesNotContain("unreadable")
            .contains("shop  active");
        environment.put("ACUSE_KEY", key(3));
        assertThat(good("", "application", "list", "config.yml")).contains("unreadable");
        assertThat(bad("key", "rotate", "config.yml")).contains("ACUSE_KEY");
      }
    }
  }

  @Test
  void besideAServiceTheyAskIt() throws Exception {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      Map<String, String> settings =
          Map.of(
              "server.adminConnectors[0].port", Integer.toString(FreePorts.next()),
              "mercadoPago.collectorId", Long.toString(sandbox.mercadoPago().seller().userId()));
      try (var acuse = RunningAcuse.start(database, sandbox, settings)) {
        everyCommandWorks(true);

        assertThat(acuse.get("/api/accounts").body())
            .as("the service knows what its task has done")
            .contains("\"acme\"");
      }
    }
  }

  /** By the task itself, because a command sets up logging anew. */
  @Test
  void noLogOfATaskHasASecret() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      String seller = Long.toString(sandbox.mercadoPago().seller().userId());
      try (var acuse =
              RunningAcuse.start(database, sandbox, Map.of("mercadoPago.collectorId", seller));
          var log = new LoggedLines("dev.acuse", line -> {})) {
        var service =
            new RunningService(
                URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + "/"), Secret.NONE);
        Map<String, String> account =
            Map.of("do", "add", "name", "acme", "access_token", TOKEN, "crm_token", CRM_TOKEN);
        Map<String, String> application =
            Map.of("do", "add", "name", "shop", "webhook_secrets", SECRET);

        for (int status : new int[] {200, 409}) {
          assertThat(service.run("account", account, line -> {}, PATIENCE)).isEqualTo(status);
          assertThat(service.run("application", application, line -> {}, PATIENCE))
              .isEqualTo(status);
        }
        assertThat(
                service.run("account", Map.of("do", "test", "name", "acme"), line -> {}, PATIENCE))
            .isEqualTo(200);

        assertThat(log.lines())
            .anyMatch(line -> line.contains("task account {access_token=…, crm_token=…"))
            .anyMatch(line -> line.contains("webhook_secrets=…"))
            .noneMatch(line -> line.contains("canary"));
      }
    }
  }

  private void everyCommandWorks(boolean andMistakesAreNamed) throws Exception {
    sandbox.mercadoPago().seller("3001").token(TOKEN);
    sandbox.goHighLevel().location("locCommand").token(CRM_TOKEN);
    environment.put("THE_CRM_TOKEN", CRM_TOKEN);

    good(
        "",
        "application",
        "add",
        "shop",
        "--client-id",
        "7910000000000099",
        "--webhook-secrets-file",
        file("secrets", SECRET + "\ncanary-webhook-secret-command-0\n"),
        "config.yml");
    assertThat(good("", "application", "list", "config.yml"))
        .contains("shop  active", "…nd-1,…nd-0", "main  active");
    assertThat(
            good(
                TOKEN + "\n",
                "account",
                "add",
                "acme",
                "--application",
                "shop",
                "--display-name",
                "Acme S.A.",
                "--access-token",
                "config.yml"))
        .contains("/webhooks/mp/acme");
    assertThat(
            good(
                "",
                "account",
                "set",
                "acme",
                "--crm-token-env",
                "THE_CRM_TOKEN",
                "--location-id",
                "locCommand",
                "config.yml"))
        .contains("location locCommand  crm token …oken");
    assertThat(good("", "account", "test", "acme", "config.yml"))
        .contains(
            "ok     mercadopago.seller  it is the token of the seller 3001",
            "?      gohighlevel.contacts_write",
            "Account acme can do all it needs.");
    assertThat(
            good(
                "",
                "account",
                "test",
                "acme",
                "--access-token-file",
                file("revoked", "APP_USR-canary-that-was-revoked"),
                "config.yml"))
        .contains("WRONG  mercadopago.token", "cannot do all");
    assertThat(good("", "account", "pause", "acme", "config.yml")).contains("paused");
    assertThat(good("", "account", "list", "config.yml"))
        .contains("acme  paused  application shop  seller 3001  token …3001", "main  active");
    assertThat(good("", "account", "resume", "acme", "config.yml")).contains("active");
    assertThat(
            good(
                "",
                "account",
                "set",
                "acme",
                "--remove",
                "crm_token",
                "--remove",
                "location_id",
                "config.yml"))
        .contains("location none  crm token none");
    if (andMistakesAreNamed) {
      mistakesAreNamed();
    }
    good("", "account", "add", "gone", "--mp-user-id", "3002", "config.yml");
    assertThat(good("", "account", "remove", "gone", "config.yml")).contains("disconnected");
    assertThat(good("", "account", "list", "config.yml")).doesNotContain("gone");
    assertThat(good("", "account", "list", "--all", "config.yml")).contains("gone  disconnected");
    good(
        "",
        "account",
        "set",
        "acme",
        "--application",
        "main",
        "--remove",
        "access_token",
        "config.yml");
    assertThat(good("", "key", "rotate", "config.yml")).contains("No other key is in use");
    assertThat(good("", "key", "list", "config.yml")).contains("There is no key.");
  }

  private void mistakesAreNamed() throws Exception {
    assertThat(bad("account", "add", "Acme", "--mp-user-id", "1", "config.yml")).contains("'name'");
    assertThat(bad("account", "add", "acme", "--mp-user-id", "1", "config.yml")).contains("name");
    assertThat(bad("account", "set", "nosuch", "--site", "MLA", "config.yml"))
        .contains("no such account");
    assertThat(bad("account", "set", "main", "--remove", "access_token", "config.yml"))
        .contains("MP_ACCESS_TOKEN");
    assertThat(bad("account", "set", "acme", "--access-token-env", "NO_SUCH", "config.yml"))
        .contains("--access-token-env");
    assertThat(
            bad(
                "account",
                "set",
                "acme",
                "--access-token-file",
                folder.resolve("no").toString(),
                "config.yml"))
        .contains("--access-token-file cannot be read");
    assertThat(bad("account", "set", "acme", "--access-token", "config.yml")).contains("empty");
    assertThat(
            bad(
                "account",
                "set",
                "acme",
                "--access-token",
                "--access-token-env",
                "X",
                "config.yml"))
        .contains("exclude each other");
    assertThat(
            bad(
                "account",
                "set",
                "acme",
                "--access-token-file",
                file("public", "APP_USR-3f1c7e1a-1111-2222-3333-444455556666"),
                "config.yml"))
        .contains("'access_token'", "public key");
    assertThat(
            bad(
                "account",
                "set",
                "acme",
                "--location-id",
                "x",
                "--remove",
                "location_id",
                "config.yml"))
        .contains("'location_id'");
    assertThat(bad("application", "remove", "shop", "config.yml")).contains("acme");
    assertThat(bad("application", "set", "shop", "--client-id", "letters", "config.yml"))
        .contains("'client_id'");
  }

  @Test
  void onPostgresqlAKeyIsAskedForBeforeASecretIsSaved() {
    try (TestDatabase database = TestDatabase.open(Engine.POSTGRESQL)) {
      without(database);
      environment.remove("ACUSE_KEY");
      environment.put("THE_TOKEN", TOKEN);

      assertThat(bad("account", "add", "acme", "--access-token-env", "THE_TOKEN", "config.yml"))
          .contains("'access_token'", "ACUSE_KEY is not set");
      assertThat(good("", "account", "list", "--all", "config.yml")).doesNotContain("acme");
      good("", "account", "add", "acme", "--mp-user-id", "3001", "config.yml");
    }
  }

  @Test
  void theNamesOfTheirPartsAreWrittenInFull() {
    assertThat(
            List.of(
                String.valueOf(CommandLine.fault(List.of("account"), "account", "lis")),
                String.valueOf(CommandLine.fault(List.of("application"), "application", "x"))))
        .allMatch(fault -> fault.contains("is no command of"));
    assertThat(CommandLine.fault(List.of("key"), "key", "rotate", "config.yml")).isNull();
  }
}

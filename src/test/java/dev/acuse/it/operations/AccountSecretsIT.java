package dev.acuse.it.operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.admin.RunningService;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.SandboxAccount;
import dev.acuse.support.SandboxAccount.Credentials;
import dev.acuse.support.SeededAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.text.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No secret of three accounts stands anywhere in clear: each has a word in it that nothing else
 * has. The systems that are called repeat what they were sent.
 */
@Tag("slow")
@ParameterizedClass
@EnumSource
class AccountSecretsIT {
  private static final String WORD = "canary";
  private static final String HEX =
      HexFormat.of().formatHex(WORD.getBytes(StandardCharsets.US_ASCII));
  private static final Pattern LINK = Pattern.compile("href=\"(/console[^\"#]*)");
  private static final Pattern ONE = Pattern.compile("/console/[a-z]+/\\d+");
  private static final int PAGES = 100;
  private static final Credentials B =
      new Credentials(
          "APP_USR-792000-112233-canaryb00112233-2000",
          "pit-canary-b-0000-4000-8000-000000000001",
          "canary-b-webhook-secret-the-first");
  private static final Credentials C =
      new Credentials(
          "APP_USR-793000-112233-canaryc00112233-3000",
          "pit-canary-c-0000-4000-8000-000000000001",
          "canary-c-webhook-secret-the-first");
  private static final String C_NEW = "APP_USR-793000-112233-canarycnew00112-3000";

  @RegisterExtension
  static final WireMockExtension ALERTS = WireMockExtension.newInstance().build();

  @RegisterExtension
  static final WireMockExtension SYSTEM = WireMockExtension.newInstance().build();

  @RegisterExtension static final WireMockExtension CRM = WireMockExtension.newInstance().build();

  private final Engine engine;
  private final TestDatabase database;
  private final Sandbox sandbox =
      Sandbox.start(
          SandboxOptions.defaults(InstantSource.system())
              .withCredentials(
                  new SandboxOptions.Credentials(
                      "APP_USR-791-112233-canarymain0011-448800001",
                      "canary-main-webhook-secret",
                      448_800_001,
                      "pit-canary-main-4000-8000-000000000001",
                      "location-of-main")));
  private final SandboxAccount b = new SandboxAccount(sandbox, "bodega", 2_000, B);
  private final SandboxAccount c = new SandboxAccount(sandbox, "casa", 3_000, C);
  private final Map<String, String> said = new TreeMap<>();
  @TempDir private Path folder;

  AccountSecretsIT(Engine engine) {
    this.engine = engine;
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  private RunningAcuse start() {
    ALERTS.stubFor(post(anyUrl()).willReturn(aResponse().withBody("ok")));
    SYSTEM.stubFor(
        any(anyUrl())
            .atPriority(9)
            .willReturn(aResponse().proxiedFrom(sandbox.mercadoPagoUrl().toString())));
    CRM.stubFor(
        any(anyUrl())
            .atPriority(9)
            .willReturn(aResponse().proxiedFrom(sandbox.goHighLevelUrl().toString())));
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "mercadoPago.collectorId",
                "448800001",
                "mercadoPago.baseUrl",
                SYSTEM.baseUrl(),
                "goHighLevel.baseUrl",
                CRM.baseUrl(),
                "alerts.webhookUrl",
                ALERTS.baseUrl() + "/services/x",
                "alerts.every",
                "200ms",
                "reconciliation.every",
                "1s",
                "logging.level",
                "DEBUG",
                "logging.appenders[1].currentLogFilename",
                folder.resolve("all.log").toString(),
                "logging.appenders[1].archivedLogFilenamePattern",
                folder.resolve("all-%d-%i.log.gz").toString()));
    if (engine == Engine.POSTGRESQL) {
      settings.put("accounts.key", SeededAccounts.KEY);
    }
    return RunningAcuse.start(database, sandbox, settings);
  }

  @Test
  void noSecretOfAnyAccountStandsAnywhereInClear() throws Exception {
    try (var acuse = start()) {
      makeAccounts(acuse);
      useThem(acuse);
      testThem(acuse);
      giveBadInput(acuse);
      haveThemRefused(acuse);
      rotateAndBackUp(acuse);
      askAll(acuse);
      threads();
      files("running");
    }
    files("stopped");
    rows();
    alerts();

    String key = key().toLowerCase(Locale.ROOT);
    Map<String, String> found = new TreeMap<>();
    said.forEach(
        (where, text) -> {
          String lower = text.toLowerCase(Locale.ROOT);
          String around = at(lower, WORD) + at(lower, HEX);
          // A backup without the key could not be restored.
          if (!where.endsWith("acuse.key") && !where.endsWith("!database.key")) {
            around += at(lower, key);
          }
          if (!around.isEmpty()) {
            found.put(where, around);
          }
        });
    assertThat(found).isEmpty();
    assertWhatIsNoSecretIsFound();
  }

  /** What has sealed them. */
  private String key() {
    String ofFile = said.get("file running acuse.key");
    return ofFile == null ? SeededAccounts.KEY : ofFile.strip();
  }

  /** What stands around a word; empty if it is not there. */
  private static String at(String text, String word) {
    int index = text.indexOf(word);
    return index < 0
        ? ""
        : text.substring(Math.max(0, index - 80), Math.min(text.length(), index + 80));
  }

  /** A search that finds nothing would prove nothing. */
  private void assertWhatIsNoSecretIsFound() {
    assertFound("log", "webhook stored", "DEBUG");
    assertFound("api", "\"last_four\":\"2000\"", "loc-bodega");
    assertFound("page", "account bodega", "page /console/events/", "page /console/payments/");
    assertFound("admin", "acuse_intake_received_total", "bodega");
    assertFound("alert", "refuses our token");
    assertFound("file", "acuse settings 1");
    assertFound(engine == Engine.H2 ? "file" : "row", "loc-bodega", "account-add", "v1:");
    if (engine == Engine.H2) {
      assertFound("file", "backup.zip!database.key", "backup.zip!database.settings.sealed");
    }
  }

  private void assertFound(String kind, String... texts) {
    String all = all(kind);
    for (String text : texts) {
      assertThat(all.contains(text)).as("%s: %s", kind, text).isTrue();
    }
  }

  private String all(String kind) {
    var all = new StringBuilder();
    said.forEach(
        (where, text) -> {
          if (where.startsWith(kind)) {
            all.append(where).append('\n').append(text).append('\n');
          }
        });
    return all.toString();
  }

  private void makeAccounts(RunningAcuse acuse) {
    call(
        acuse,
        201,
        "POST",
        "/api/applications",
        """
        {"name": "bodega", "client_id": "792000", "client_secret": "canary-b-client-secret",
         "webhook_secrets": ["%s", "canary-b-webhook-secret-the-second"]}
        """
            .formatted(B.webhookSecret()));
    call(
        acuse,
        201,
        "POST",
        "/api/accounts",
        """
        {"name": "bodega", "application": "bodega", "mp_user_id": "2000", "access_token": "%s",
         "refresh_token": "TG-canaryb00112233-2000", "crm_token": "%s",
         "location_id": "loc-bodega"}
        """
            .formatted(B.accessToken(), B.crmToken()));
    task(
        acuse,
        "application",
        Map.of(
            "do", "add",
            "name", "casa",
            "client_secret", "canary-c-client-secret",
            "webhook_secrets", C.webhookSecret()));
    task(
        acuse,
        "account",
        Map.of(
            "do", "add",
            "name", "casa",
            "application", "casa",
            "mp_user_id", "3000",
            "access_token", C.accessToken(),
            "refresh_token", "TG-canaryc00112233-3000",
            "crm_token", C.crmToken(),
            "location_id", "loc-casa"));
  }

  private void useThem(RunningAcuse acuse) {
    acuse.checkout("order-1", "contact-of-main");
    String payment =
        String.valueOf(
            sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id());
    assertThat(acuse.send(sandbox.notifications().paymentCreated(payment)).status()).isEqualTo(200);
    assertThat(b.send(acuse, b.pay())).isEqualTo("200 stored");
    sandbox.mercadoPago().application("792000").secret("canary-b-webhook-secret-the-second");
    assertThat(b.sendTo(acuse, "/webhooks/mp", b.pay())).isEqualTo("200 stored");
    sandbox.mercadoPago().application("792000").secret("canary-nobody-has-this");
    assertThat(b.send(acuse, b.pay())).startsWith("401");
    assertThat(c.send(acuse, c.pay())).isEqualTo("200 stored");
    await().until(() -> sandbox.goHighLevel().tagCalls("contact-of-main").size() == 1);
    await().until(() -> b.tagCalls().size() == 1 && c.tagCalls().size() == 1);
    // The webhook that was refused is found by the comparison.
    await()
        .until(() -> database.count("payments WHERE account_id = 2 AND status = 'approved'") == 3);
  }

  private void testThem(RunningAcuse acuse) {
    for (String name : List.of("main", "bodega", "casa")) {
      String path = "/api/accounts/" + name + "/test";
      assertThat(call(acuse, 200, "POST", path, null).path("ok").asBoolean()).as(name).isTrue();
      call(
          acuse,
          200,
          "POST",
          path,
          "{\"access_token\": \"APP_USR-canary-no-such\", \"crm_token\": \"pit-canary-none\"}");
      task(acuse, "account", Map.of("do", "test", "name", name));
    }
    task(acuse, "doctor", Map.of());
  }

  private void giveBadInput(RunningAcuse acuse) {
    String account = "/api/accounts/bodega";
    for (String body :
        List.of(
            "{\"access_token\": \"TEST-792000-112233-canary-2000\"}",
            "{\"access_token\": \"APP_USR-792000-112233-canaryother-3000\"}",
            "{\"access_token\": \"canary two words\"}",
            "{\"access_token\": [\"canary-in-a-list\"]}",
            "{\"access_token\": {\"canary\": 1}}",
            "{\"access_token\": \"canary-not-ended",
            "{\"refresh_token\": \"APP_USR-792000-112233-canary-2000\"}",
            "{\"crm_token\": \"APP_USR-792000-112233-canary-2000\"}",
            "{\"crm_token\": \"" + WORD.repeat(500) + "\"}",
            "{\"crm_tokn\": \"pit-canary-of-a-misspelt-field\"}",
            "{\"mp_user_id\": \"APP_USR-canary-in-the-wrong-field\"}",
            "{\"site\": \"canary-in-the-wrong-field\"}",
            "{\"location_id\": \"pit canary in the wrong field\"}",
            "{\"state\": \"canary\"}",
            "{\"token_expires_at\": \"canary\"}",
            "\"canary\"",
            "canary")) {
      HttpResponse<String> answer = exchange(acuse, "PATCH", account, body);
      assertThat(answer.statusCode()).as(body + answer.body()).isBetween(400, 499);
      assertThat(exchange(acuse, "POST", account + "/test", body).statusCode())
          .as(body)
          .isBetween(200, 499);
    }
    for (String body :
        List.of(
            "{\"webhook_secrets\": \"canary-no-list\"}",
            "{\"webhook_secrets\": [\"canary-twice\", \"canary-twice\"]}",
            "{\"webhook_secrets\": [{\"canary\": 1}]}",
            "{\"client_secret\": [\"canary\"]}",
            "{\"client_id\": \"canary-in-the-wrong-field\"}",
            "{\"client_secret\": \"canary-not-ended")) {
      assertThat(exchange(acuse, "PATCH", "/api/applications/bodega", body).statusCode())
          .as(body)
          .isBetween(400, 499);
    }
    service(
        acuse,
        "account",
        Map.of("do", "set", "name", "bodega", "access_token", "TEST-canary-by-the-task"));
    service(acuse, "account", Map.of("do", "canary", "name", "bodega"));
  }

  /** The one account's tokens are refused by systems that say which. */
  private void haveThemRefused(RunningAcuse acuse) {
    refuse(SYSTEM, C.accessToken(), 401);
    refuse(CRM, C.crmToken(), 401);
    assertThat(c.send(acuse, c.pay())).isEqualTo("200 stored");
    await().until(() -> messages().stream().anyMatch(text -> text.contains("refuses our token")));
    call(acuse, 200, "POST", "/api/accounts/casa/test", null);
    task(acuse, "account", Map.of("do", "test", "name", "casa"));
    task(acuse, "doctor", Map.of());
    askAll(acuse);
    c.seller().replaceToken(C_NEW);
    call(acuse, 200, "PATCH", "/api/accounts/casa", "{\"access_token\": \"" + C_NEW + "\"}");
    await()
        .until(() -> database.count("payments WHERE account_id = 3 AND status = 'approved'") == 2);
    refuse(CRM, B.crmToken(), 400);
    var late = new SandboxAccount(sandbox, "bodega", 2_000, B);
    late.location().addContact("contact2", null);
    assertThat(late.send(acuse, late.pay())).isEqualTo("200 stored");
    call(acuse, 200, "POST", "/api/accounts/bodega/test", null);
  }

  private static void refuse(WireMockExtension system, String token, int status) {
    system.stubFor(
        any(anyUrl())
            .withHeader("Authorization", equalTo("Bearer " + token))
            .atPriority(1)
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("Content-Type", "application/json")
                    .withBody(
                        "{\"message\": \"Bearer %s is not good\", \"error\": \"%s\"}"
                            .formatted(token, token))));
  }

  private void rotateAndBackUp(RunningAcuse acuse) {
    task(acuse, "key", Map.of("do", "rotate"));
    if (engine == Engine.H2) {
      task(acuse, "backup", Map.of("file", database.folder().resolve("backup.zip").toString()));
    }
  }

  /** All that the API, the console and the admin port show. */
  private void askAll(RunningAcuse acuse) {
    for (String list :
        List.of(
            "accounts",
            "applications",
            "keys",
            "people",
            "webhook-events",
            "payments",
            "effects",
            "checkouts",
            "reconciliation")) {
      JsonNode page = call(acuse, 200, "GET", "/api/" + list + "?limit=200", null);
      for (JsonNode item : page.path("items")) {
        String id = item.has("id") ? item.path("id").asText() : item.path("name").asText();
        exchange(acuse, "GET", "/api/" + list + "/" + id, null);
        if (list.equals("webhook-events")) {
          exchange(acuse, "GET", "/api/webhook-events/" + id + "/payload", null);
        }
      }
    }
    call(acuse, 200, "GET", "/api/stats", null);
    call(acuse, 200, "GET", "/api/ledger", null);
    crawl(acuse);
    for (String path :
        List.of("/metrics", "/metrics/prometheus", "/healthcheck", "/threads", "/tasks")) {
      hear("admin " + path, acuse.exchange(HttpRequest.newBuilder(admin(acuse, path)).build()));
    }
    task(acuse, "account", Map.of("do", "list"));
    task(acuse, "application", Map.of("do", "list"));
    task(acuse, "key", Map.of("do", "list"));
  }

  private void crawl(RunningAcuse acuse) {
    Set<String> seen = new HashSet<>();
    Deque<String> open =
        new ArrayDeque<>(
            List.of("/console/health", "/console/events", "/console/payments", "/console/audit"));
    while (!open.isEmpty() && seen.size() < PAGES) {
      String path = open.poll();
      if (seen.add(path) && !path.contains("/assets/") && !path.contains("/preferences")) {
        HttpResponse<String> page = acuse.get(path);
        hear("page " + path, page);
        Matcher links = LINK.matcher(page.body());
        while (links.find()) {
          String link = links.group(1).replace("&amp;", "&");
          if (ONE.matcher(link).matches()) {
            open.addFirst(link);
          } else {
            open.addLast(link);
          }
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(20);
  }

  private static URI admin(RunningAcuse acuse, String path) {
    return URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
  }

  private void task(RunningAcuse acuse, String name, Map<String, String> parameters) {
    assertThat(service(acuse, name, parameters))
        .as(name + said.get("admin task " + name))
        .isLessThan(400);
  }

  private int service(RunningAcuse acuse, String name, Map<String, String> parameters) {
    List<String> lines = new ArrayList<>();
    int status =
        new RunningService(admin(acuse, "/"), Secret.NONE)
            .run(name, parameters, lines::add, Duration.ofSeconds(30));
    said.merge("admin task " + name, String.join("\n", lines), (one, other) -> one + "\n" + other);
    return status;
  }

  private JsonNode call(
      RunningAcuse acuse, int status, String method, String path, @Nullable String body) {
    HttpResponse<String> answer = exchange(acuse, method, path, body);
    assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(status);
    return RunningAcuse.json(answer);
  }

  private HttpResponse<String> exchange(
      RunningAcuse acuse, String method, String path, @Nullable String body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(acuse.url(path));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer =
        acuse.exchange(
            request
                .method(
                    method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build());
    hear("api " + method + " " + path, answer);
    return answer;
  }

  private void hear(String where, HttpResponse<String> answer) {
    said.merge(where, answer.headers().map() + answer.body(), (one, other) -> one + "\n" + other);
  }

  private void threads() {
    said.put(
        "threads",
        String.join(
            "\n", Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList()));
  }

  /** Database, journal, spool, sealed settings, backup, each entry of it; and the whole log. */
  private void files(String when) throws IOException {
    try (Stream<Path> files = Files.walk(database.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String where = "file " + when + " " + database.folder().relativize(file);
        byte[] bytes = Files.readAllBytes(file);
        said.put(where, new String(bytes, StandardCharsets.ISO_8859_1));
        if (file.toString().endsWith(".zip")) {
          entries(where, bytes);
        }
      }
    }
    said.put("log " + when, Files.readString(folder.resolve("all.log")));
  }

  private void entries(String where, byte[] zip) throws IOException {
    try (var entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        said.put(
            where + "!" + entry.getName(),
            new String(entries.readAllBytes(), StandardCharsets.ISO_8859_1));
      }
    }
  }

  private void rows() {
    if (engine == Engine.H2) {
      // The bytes of its file hold them.
      return;
    }
    database
        .jdbi()
        .useHandle(
            handle -> {
              List<String> tables =
                  handle
                      .createQuery(
                          "SELECT table_name FROM information_schema.tables"
                              + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
                      .mapTo(String.class)
                      .list();
              for (String table : tables) {
                said.put(
                    "row " + table,
                    String.join(
                        "\n",
                        handle
                            .createQuery("SELECT t::text FROM \"" + table + "\" t")
                            .mapTo(String.class)
                            .list()));
              }
            });
  }

  private static List<String> messages() {
    return ALERTS.findAll(postRequestedFor(anyUrl())).stream()
        .map(request -> request.getBodyAsString())
        .toList();
  }

  private void alerts() {
    said.put("alert", String.join("\n", messages()));
  }
}

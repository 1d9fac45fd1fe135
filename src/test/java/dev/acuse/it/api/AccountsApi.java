package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.http.Fault;
import dev.acuse.support.Engine;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Accounts and applications by the API: who may, what is shown, what is refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AccountsApi {
  private static final String ROOT = "root-token-0123456789";
  private static final String SECRET = "canary-webhook-secret-0001-wxyz";
  private static final String CLIENT_SECRET = "canary-client-secret-0001-abcd";

  private final Engine engine;
  private final List<String> canaries = new ArrayList<>(List.of(SECRET, CLIENT_SECRET));
  private TestDatabase database;
  private Sandbox sandbox;
  private RunningAcuse acuse;
  private LoggedLines log;

  AccountsApi(Engine engine) {
    this.engine = engine;
  }

  @BeforeAll
  void start() {
    database = TestDatabase.open(engine);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse = RunningAcuse.start(database, sandbox, settings(true));
    log = new LoggedLines("dev.acuse", line -> {});
  }

  private Map<String, String> settings(boolean isSellerKnown) {
    Map<String, String> settings = new TreeMap<>(Map.of("api.token", ROOT));
    settings.put("mercadoPago.collectorId", isSellerKnown ? mainSeller() : "");
    if (engine == Engine.POSTGRESQL) {
      settings.put("accounts.key", Base64.getEncoder().encodeToString(new byte[32]));
    }
    return settings;
  }

  private String mainSeller() {
    return Long.toString(sandbox.mercadoPago().seller().userId());
  }

  /** No log and no audit has any of a secret that a test gave. */
  @AfterAll
  void stop() {
    List<String> lines = log.lines();
    log.close();
    String audit =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT actor || ' ' || action || ' ' || target FROM operator_actions")
                        .mapTo(String.class)
                        .list())
            .toString();
    acuse.close();
    sandbox.close();
    database.close();
    assertThat(audit).contains("account-add");
    for (String canary : canaries) {
      assertThat(audit).doesNotContain(canary);
      assertThat(lines).noneMatch(line -> line.contains(canary));
    }
  }

  /** A token of MercadoPago's form. */
  private String token(String seller, int number) {
    String token = "APP_USR-7910-112233-canary%08dabcdef-%s".formatted(number, seller);
    canaries.add(token);
    return token;
  }

  /** Another instance on the same database. */
  RunningAcuse another() {
    return RunningAcuse.start(database, sandbox, settings(true));
  }

  HttpResponse<String> callAt(RunningAcuse where, String method, String path, String body) {
    return call(where, method, path, ROOT, body);
  }

  HttpResponse<String> call(String method, String path) {
    return call(method, path, ROOT, null);
  }

  private HttpResponse<String> call(String method, String path, String key, @Nullable String body) {
    return call(acuse, method, path, key, body);
  }

  private HttpResponse<String> call(
      RunningAcuse where, String method, String path, String key, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(where.url(path)).header("Authorization", "Bearer " + key);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer =
        where.exchange(
            request
                .method(
                    method,
                    body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build());
    for (String canary : canaries) {
      assertThat(answer.body()).doesNotContain(canary);
    }
    return answer;
  }

  static JsonNode done(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return RunningAcuse.json(answer);
  }

  private JsonNode post(String path, String body) {
    return done(201, call("POST", path, ROOT, body));
  }

  private JsonNode patch(String path, String body) {
    return done(200, call("PATCH", path, ROOT, body));
  }

  private JsonNode get(String path) {
    return done(200, call("GET", path, ROOT, null));
  }

  private String refused(int status, String code, String method, String path, String body) {
    long accounts = database.count("accounts");
    long applications = database.count("applications");
    String detail =
        ProblemAnswer.of(call(method, path, ROOT, body), status, code).path("detail").asText();
    assertThat(database.count("accounts")).isEqualTo(accounts);
    assertThat(database.count("applications")).isEqualTo(applications);
    return detail;
  }

  private String key(String name, String role, String account) {
    return post(
            "/api/keys",
            "{\"name\": \"%s\", \"role\": \"%s\", \"accounts\": [\"%s\"]}"
                .formatted(name, role, account))
        .path("secret")
        .asText();
  }

  private static List<String> names(JsonNode page) {
    return page.path("items").findValuesAsText("name");
  }

  private List<String> audited(String account) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        SELECT action || ' by ' || actor || ' of ' || target FROM operator_actions
                        WHERE account_id = (SELECT id FROM accounts WHERE name = :name) ORDER BY id
                        """)
                    .bind("name", account)
                    .mapTo(String.class)
                    .list());
  }

  @Test
  void anAccountIsMadeShownChangedPausedAndDisconnected() {
    String token = token("2001", 1);
    JsonNode made =
        post(
            "/api/accounts",
            """
            {"name": "acme", "display_name": "Acme S.A.", "access_token": "%s", "site": "MLA",
             "location_id": "locAcme", "crm_token": "pit-canary-crm-token-acme-1"}
            """
                .formatted(token));
    canaries.add("pit-canary-crm-token-acme-1");

    assertThat(made.path("state").asText()).isEqualTo("active");
    assertThat(made.path("mp_user_id").asText()).as("by the token").isEqualTo("2001");
    assertThat(made.path("application").asText()).isEqualTo("main");
    assertThat(made.path("crm_kind").asText()).isEqualTo("gohighlevel");
    JsonNode shown = made.path("access_token");
    assertThat(shown.path("set").asBoolean()).isTrue();
    assertThat(shown.path("last_four").asText()).isEqualTo("2001");
    assertThat(shown.path("by").asText()).isEqualTo("stored");
    assertThat(shown.path("set_at").isTextual()).isTrue();
    assertThat(shown.path("unreadable").asBoolean()).isFalse();
    assertThat(made.path("refresh_token").path("set").asBoolean()).isFalse();
    assertThat(made.path("refresh_token").path("by").isNull()).isTrue();
    assertThat(get("/api/accounts/acme")).isEqualTo(made);
    assertThat(names(get("/api/accounts"))).contains("acme", "main");

    JsonNode changed =
        patch("/api/accounts/acme", "{\"state\": \"paused\", \"crm_token\": null, \"site\": null}");
    assertThat(changed.path("state").asText()).isEqualTo("paused");
    assertThat(changed.path("crm_token").path("set").asBoolean()).isFalse();
    assertThat(changed.path("site").isNull()).isTrue();
    assertThat(changed.path("access_token")).as("what is absent stays").isEqualTo(shown);
    assertThat(patch("/api/accounts/acme", "{}")).isEqualTo(changed);
    assertThat(patch("/api/accounts/acme", "{\"state\": \"active\"}").path("state").asText())
        .isEqualTo("active");

    JsonNode gone = done(200, call("DELETE", "/api/accounts/acme", ROOT, null));
    assertThat(gone.path("state").asText()).isEqualTo("disconnected");
    assertThat(gone.path("access_token").path("set").asBoolean()).isFalse();
    assertThat(names(get("/api/accounts"))).doesNotContain("acme");
    assertThat(names(get("/api/accounts?state=disconnected"))).contains("acme");
    assertThat(get("/api/accounts/acme")).isEqualTo(gone);
    assertThat(done(200, call("DELETE", "/api/accounts/acme", ROOT, null))).isEqualTo(gone);
    refused(409, "disconnected", "PATCH", "/api/accounts/acme", "{\"state\": \"active\"}");
    refused(409, "taken", "POST", "/api/accounts", "{\"name\": \"acme\", \"mp_user_id\": \"9\"}");
    assertThat(audited("acme"))
        .containsExactly(
            "account-add by api-token of account acme: display_name, application, mp_user_id, site,"
                + " access_token, refresh_token, crm_token, location_id",
            "account-set by api-token of account acme: site, crm_token",
            "account-pause by api-token of account acme",
            "account-resume by api-token of account acme",
            "account-remove by api-token of account acme: access_token");
  }

  @Test
  void whatIsBadIsRefusedByItsFieldAndNothingIsHalfMade() {
    post("/api/accounts", "{\"name\": \"owner\", \"mp_user_id\": \"2100\"}");
    String account = "{\"name\": \"bad\", \"mp_user_id\": \"2199\", %s}";
    Map<String, String> fields = new TreeMap<>();
    fields.put("\"access_token\": \"APP_USR-3f1c7e1a-1111-2222-3333-444455556666\"", "public key");
    fields.put("\"access_token\": \"TEST-7910-112233-canarytest-2199\"", "test credentials");
    fields.put("\"access_token\": \"TG-canaryrefresh-2199\"", "refresh token");
    fields.put("\"access_token\": \"%s\"".formatted(token("2198", 7)), "seller 2198");
    fields.put("\"access_token\": \"%s\"".formatted("x".repeat(2_049)), "2048");
    fields.put("\"access_token\": \"canary blank\"", "printable");
    fields.put("\"access_token\": \"\"", "empty");
    fields.put("\"refresh_token\": \"%s\"".formatted(token("2199", 8)), "access token");
    fields.put("\"crm_token\": \"%s\"".formatted(token("2199", 9)), "MercadoPago");
    fields.put("\"crm_token\": \"%s\"".formatted(agencyToken()), "agency");
    fields.put("\"location_id\": \"no/slash\"", "GoHighLevel");
    fields.put("\"site\": \"Argentina\"", "three letters");
    fields.put("\"display_name\": null", "one line");
    fields.put("\"application\": \"nosuch\"", "no such application");
    fields.put("\"application\": null", "no such application");
    fields.put("\"nosuch\": 1", "not known");
    fields.put("\"token_expires_at\": \"soon\"", "RFC 3339");
    fields.put("\"state\": \"paused\"", "active");
    fields.forEach(
        (field, said) -> {
          String name = field.substring(1, field.indexOf('"', 1));
          assertThat(
                  refused(400, "invalid_body", "POST", "/api/accounts", account.formatted(field)))
              .as(field)
              .contains("'" + name + "'", said);
        });
    for (String name : List.of("Acme", "a_b", "", "x".repeat(33), "é")) {
      assertThat(
              refused(
                  400,
                  "invalid_body",
                  "POST",
                  "/api/accounts",
                  "{\"name\": \"%s\", \"mp_user_id\": \"2199\"}".formatted(name)))
          .contains("'name'");
    }
    assertThat(refused(400, "invalid_body", "POST", "/api/accounts", "{\"mp_user_id\": \"1\"}"))
        .contains("'name'");
    assertThat(refused(400, "invalid_body", "POST", "/api/accounts", "{\"name\": \"bad\"}"))
        .contains("'mp_user_id'");
    assertThat(
            refused(
                400,
                "invalid_body",
                "POST",
                "/api/accounts",
                "{\"name\": \"bad\", \"mp_user_id\": \"letters\"}"))
        .contains("'mp_user_id'");
    for (String seller : List.of("2100", mainSeller())) {
      assertThat(
              refused(
                  409,
                  "seller_taken",
                  "POST",
                  "/api/accounts",
                  "{\"name\": \"bad\", \"mp_user_id\": \"%s\"}".formatted(seller)))
          .contains("'mp_user_id'");
    }
    refused(409, "taken", "POST", "/api/accounts", "{\"name\": \"main\", \"mp_user_id\": \"21\"}");
    refused(400, "invalid_body", "POST", "/api/accounts", "");
    refused(400, "invalid_parameter", "GET", "/api/accounts?state=gone", null);
    refused(404, "not_found", "GET", "/api/accounts/nosuch", null);
    refused(404, "not_found", "PATCH", "/api/accounts/nosuch", "{\"site\": \"MLA\"}");
    refused(404, "not_found", "DELETE", "/api/accounts/nosuch", null);
    refused(404, "not_found", "POST", "/api/accounts/nosuch/test", null);
    refused(400, "invalid_body", "PATCH", "/api/accounts/owner", "{\"name\": \"other\"}");
    refused(400, "invalid_body", "PATCH", "/api/accounts/owner", "{\"state\": \"disconnected\"}");
    refused(400, "invalid_body", "PATCH", "/api/accounts/owner", "{\"state\": null}");
    refused(409, "main", "DELETE", "/api/accounts/main", null);
    JsonNode before = get("/api/accounts/owner");
    refused(
        400,
        "invalid_body",
        "PATCH",
        "/api/accounts/owner",
        "{\"state\": \"paused\", \"display_name\": \"Other\", \"site\": \"x\"}");
    assertThat(get("/api/accounts/owner")).as("all of a change or nothing").isEqualTo(before);
  }

  /** Claims of a company's, in the form of a JWT. */
  private String agencyToken() {
    String claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"authClass\":\"Company\"}".getBytes(StandardCharsets.UTF_8));
    return "e30." + claims + ".canarysignature";
  }

  @Test
  void whatTheEnvironmentSetsIsShownSoAndNotSetOtherwise() {
    JsonNode main = get("/api/accounts/main");

    assertThat(main.path("set_by_environment").toString())
        .isEqualTo("[\"access_token\",\"crm_token\",\"location_id\",\"mp_user_id\"]");
    assertThat(main.path("access_token").path("by").asText()).isEqualTo("environment");
    assertThat(main.path("access_token").path("set_at").isNull()).isTrue();
    for (String field : List.of("access_token", "crm_token", "location_id", "mp_user_id")) {
      assertThat(
              refused(
                  409,
                  "set_by_environment",
                  "PATCH",
                  "/api/accounts/main",
                  "{\"%s\": null, \"display_name\": \"Other\"}".formatted(field)))
          .contains("'" + field + "'");
    }
    assertThat(get("/api/accounts/main")).isEqualTo(main);
    JsonNode application = get("/api/applications/main");
    assertThat(application.path("set_by_environment").toString())
        .isEqualTo("[\"webhook_secrets\"]");
    assertThat(application.path("webhook_secrets").get(0).path("by").asText())
        .isEqualTo("environment");
    assertThat(
            refused(
                409,
                "set_by_environment",
                "PATCH",
                "/api/applications/main",
                "{\"webhook_secrets\": [\"canary\"]}"))
        .contains("MP_WEBHOOK_SECRET");
    assertThat(
            patch("/api/accounts/main", "{\"display_name\": \"The first\"}")
                .path("display_name")
                .asText())
        .isEqualTo("The first");
  }

  @Test
  void anApplicationIsMadeShownChangedAndRemoved() {
    JsonNode made =
        post(
            "/api/applications",
            """
            {"name": "shop", "client_id": "7910000000000077", "client_secret": "%s",
             "webhook_secrets": ["%s", "short"]}
            """
                .formatted(CLIENT_SECRET, SECRET));

    assertThat(made.path("client_secret").path("last_four").asText()).isEqualTo("abcd");
    assertThat(made.path("webhook_secrets").get(0).path("last_four").asText()).isEqualTo("wxyz");
    assertThat(made.path("webhook_secrets").get(1).path("last_four").isNull())
        .as("too short to show any of it")
        .isTrue();
    assertThat(get("/api/applications/shop")).isEqualTo(made);
    assertThat(names(get("/api/applications"))).contains("shop", "main");

    post(
        "/api/accounts",
        "{\"name\": \"of-shop\", \"mp_user_id\": \"2300\", \"application\": \"shop\"}");
    assertThat(refused(409, "in_use", "DELETE", "/api/applications/shop", null))
        .contains("of-shop");
    assertThat(patch("/api/applications/shop", "{\"client_secret\": null}").path("webhook_secrets"))
        .isEqualTo(made.path("webhook_secrets"));
    assertThat(
            patch("/api/accounts/of-shop", "{\"application\": \"main\"}")
                .path("application")
                .asText())
        .isEqualTo("main");
    JsonNode gone = done(200, call("DELETE", "/api/applications/shop", ROOT, null));
    assertThat(gone.path("state").asText()).isEqualTo("removed");
    assertThat(gone.path("webhook_secrets")).isEmpty();
    assertThat(names(get("/api/applications"))).doesNotContain("shop");
    assertThat(names(get("/api/applications?state=removed"))).contains("shop");
    refused(409, "hidden", "PATCH", "/api/applications/shop", "{\"client_id\": \"1\"}");
    refused(409, "taken", "POST", "/api/applications", "{\"name\": \"shop\"}");
    refused(409, "main", "DELETE", "/api/applications/main", null);
    assertThat(
            refused(
                400,
                "invalid_body",
                "PATCH",
                "/api/accounts/of-shop",
                "{\"application\": \"shop\"}"))
        .contains("'application'");
  }

  @Test
  void badApplicationsAreRefusedByTheirField() {
    post("/api/applications", "{\"name\": \"first\", \"client_id\": \"7910000000000088\"}");
    Map<String, String> fields =
        Map.of(
            "\"client_id\": \"letters\"",
            "'client_id'",
            "\"client_secret\": \" \"",
            "'client_secret'",
            "\"webhook_secrets\": [\"\"]",
            "'webhook_secrets'",
            "\"webhook_secrets\": [null]",
            "'webhook_secrets'",
            "\"webhook_secrets\": [\"same-secret\", \"same-secret\"]",
            "'webhook_secrets'",
            "\"webhook_secrets\": [\"%s\"]".formatted("x".repeat(513)),
            "'webhook_secrets'",
            "\"webhook_secrets\": \"one\"",
            "'webhook_secrets'",
            "\"webhook_secrets\": [7]",
            "'webhook_secrets",
            "\"nosuch\": 1",
            "'nosuch'");
    fields.forEach(
        (field, said) ->
            assertThat(
                    refused(
                        400,
                        "invalid_body",
                        "POST",
                        "/api/applications",
                        "{\"name\": \"bad\", %s}".formatted(field)))
                .as(field)
                .contains(said));
    assertThat(
            refused(
                409,
                "taken",
                "POST",
                "/api/applications",
                "{\"name\": \"bad\", \"client_id\": \"7910000000000088\"}"))
        .contains("'client_id'");
    refused(400, "invalid_parameter", "GET", "/api/applications?state=gone", null);
    refused(404, "not_found", "GET", "/api/applications/nosuch", null);
  }

  @Test
  void aTestSaysWhatEachCredentialCanDo() {
    String token = token("2401", 41);
    sandbox.mercadoPago().seller("2401").token(token).testUser();
    sandbox.goHighLevel().location("locTest").token("pit-canary-test-location");
    canaries.add("pit-canary-test-location");
    post(
        "/api/accounts",
        """
        {"name": "tested", "access_token": "%s", "location_id": "locTest",
         "crm_token": "pit-canary-test-location"}
        """
            .formatted(token));

    JsonNode good = done(200, call("POST", "/api/accounts/tested/test", ROOT, null));
    assertThat(good.path("ok").asBoolean()).as(good.toString()).isTrue();
    assertThat(good.path("mercadopago").path("user_id").asText()).isEqualTo("2401");
    assertThat(good.path("mercadopago").path("site").asText()).isEqualTo("MLA");
    assertThat(good.path("mercadopago").path("test_user").asBoolean()).isTrue();
    assertThat(checks(good, "mercadopago"))
        .containsOnlyKeys("token", "seller", "payments", "orders")
        .doesNotContainValue(false);
    assertThat(good.path("crm").path("location_name").asText())
        .isEqualTo(sandbox.goHighLevel().location("locTest").name());
    assertThat(checks(good, "crm"))
        .containsOnlyKeys("token", "location", "contacts_read", "contacts_write")
        .containsEntry("contacts_write", null)
        .containsEntry("contacts_read", true);

    sandbox.mercadoPago().seller("2401").revoke(token);
    sandbox.goHighLevel().location("locTest").revokeAll();
    JsonNode revoked = done(200, call("POST", "/api/accounts/tested/test", ROOT, "{}"));
    assertThat(revoked.path("ok").asBoolean()).isFalse();
    assertThat(checks(revoked, "mercadopago")).isEqualTo(Map.of("token", false));
    assertThat(checks(revoked, "crm")).isEqualTo(Map.of("token", false));
    assertThat(revoked.path("mercadopago").path("user_id").isNull()).isTrue();
  }

  private static Map<String, @Nullable Boolean> checks(JsonNode test, String system) {
    Map<String, @Nullable Boolean> checks = new TreeMap<>();
    for (JsonNode check : test.path(system).path("checks")) {
      checks.put(
          check.path("name").asText(),
          check.path("ok").isNull() ? null : check.path("ok").asBoolean());
      assertThat(check.path("says").asText()).isNotBlank();
    }
    return checks;
  }

  @Test
  void aTokenIsTestedBeforeItIsStored() {
    String own = token("2501", 51);
    String foreign = "APP_USR-canary-of-another-seller";
    canaries.add(foreign);
    sandbox.mercadoPago().seller("2501").token(own);
    sandbox.mercadoPago().seller("2502").token(foreign);
    sandbox.goHighLevel().location("locB").token("pit-canary-other-location");
    canaries.add("pit-canary-other-location");
    post("/api/accounts", "{\"name\": \"candidate\", \"mp_user_id\": \"2501\"}");
    JsonNode before = get("/api/accounts/candidate");

    JsonNode none = done(200, call("POST", "/api/accounts/candidate/test", ROOT, "{}"));
    assertThat(none.path("ok").asBoolean()).isFalse();
    JsonNode good = tested("{\"access_token\": \"%s\"}".formatted(own));
    assertThat(good.path("ok").asBoolean()).as(good.toString()).isTrue();
    JsonNode other = tested("{\"access_token\": \"%s\"}".formatted(foreign));
    assertThat(other.path("ok").asBoolean()).isFalse();
    assertThat(other.path("mercadopago").path("user_id").asText()).isEqualTo("2502");
    assertThat(checks(other, "mercadopago")).containsEntry("seller", false);
    JsonNode location =
        tested(
            """
            {"access_token": "%s", "crm_token": "pit-canary-other-location",
             "location_id": "locNone"}
            """
                .formatted(own));
    assertThat(checks(location, "mercadopago")).doesNotContainValue(false);
    assertThat(location.path("ok").asBoolean()).isFalse();
    assertThat(checks(location, "crm"))
        .containsEntry("location", false)
        .containsEntry("token", true);
    refused(
        400,
        "invalid_body",
        "POST",
        "/api/accounts/candidate/test",
        "{\"access_token\": \"TEST-canary\"}");
    refused(
        400, "invalid_body", "POST", "/api/accounts/candidate/test", "{\"display_name\": \"x\"}");

    assertThat(get("/api/accounts/candidate")).as("nothing was stored").isEqualTo(before);
    assertThat(audited("candidate")).hasSize(1);
  }

  private JsonNode tested(String body) {
    return done(200, call("POST", "/api/accounts/candidate/test", ROOT, body));
  }

  @Test
  void aSystemThatIsOutIsAnAnswerThatTellsNothing() {
    String token = token("2601", 61);
    sandbox.mercadoPago().seller("2601").token(token).faults().always(Fault.status(503));
    post("/api/accounts", "{\"name\": \"out\", \"access_token\": \"%s\"}".formatted(token));

    JsonNode out = done(200, call("POST", "/api/accounts/out/test", ROOT, null));

    assertThat(out.path("ok").asBoolean()).isFalse();
    Map<String, @Nullable Boolean> untold = new TreeMap<>();
    untold.put("token", null);
    assertThat(checks(out, "mercadopago")).isEqualTo(untold);
  }

  @Test
  void aCallerSeesAndChangesItsOwnAccountsAlone() {
    post("/api/accounts", "{\"name\": \"mine\", \"mp_user_id\": \"2701\"}");
    post("/api/accounts", "{\"name\": \"theirs\", \"mp_user_id\": \"2702\"}");
    String read = key("read-mine", "read", "mine");
    String write = key("write-mine", "write", "mine");
    String admin = key("admin-mine", "admin", "mine");
    String all = key("admin-all", "admin", "*");

    for (String key : List.of(read, write, admin)) {
      assertThat(names(done(200, call("GET", "/api/accounts", key, null)))).containsExactly("mine");
      done(200, call("GET", "/api/accounts/mine", key, null));
      String missing =
          ProblemAnswer.of(call("GET", "/api/accounts/nosuch", key, null), 404, "not_found")
              .path("detail")
              .asText();
      assertThat(
              ProblemAnswer.of(call("GET", "/api/accounts/theirs", key, null), 404, "not_found")
                  .path("detail")
                  .asText())
          .isEqualTo(missing);
      ProblemAnswer.of(
          call("POST", "/api/accounts", key, "{\"name\": \"more\"}"), 403, "forbidden");
      ProblemAnswer.of(call("GET", "/api/applications", key, null), 403, "forbidden");
      ProblemAnswer.of(call("GET", "/api/applications/main", key, null), 403, "forbidden");
      ProblemAnswer.of(
          call("PATCH", "/api/applications/main", key, "{\"client_id\": \"1\"}"), 403, "forbidden");
    }
    for (String key : List.of(read, write)) {
      ProblemAnswer.of(
          call("PATCH", "/api/accounts/mine", key, "{\"site\": \"MLA\"}"), 403, "forbidden");
      ProblemAnswer.of(call("DELETE", "/api/accounts/mine", key, null), 403, "forbidden");
      ProblemAnswer.of(call("POST", "/api/accounts/mine/test", key, null), 403, "forbidden");
    }
    ProblemAnswer.of(
        call("PATCH", "/api/accounts/theirs", admin, "{\"site\": \"MLA\"}"), 404, "not_found");
    ProblemAnswer.of(call("DELETE", "/api/accounts/theirs", admin, null), 404, "not_found");
    ProblemAnswer.of(call("POST", "/api/accounts/theirs/test", admin, null), 404, "not_found");
    for (String field :
        List.of(
            "\"mp_user_id\": \"2702\"",
            "\"application\": \"main\"",
            "\"location_id\": \"locTheirs\"",
            "\"location_id\": null")) {
      assertThat(
              ProblemAnswer.of(
                      call("PATCH", "/api/accounts/mine", admin, "{" + field + "}"),
                      403,
                      "forbidden")
                  .path("detail")
                  .asText())
          .contains(field.substring(1, field.indexOf('"', 1)));
    }
    done(200, call("PATCH", "/api/accounts/mine", admin, "{\"site\": \"MLB\"}"));
    done(200, call("POST", "/api/accounts/mine/test", admin, null));
    done(200, call("DELETE", "/api/accounts/mine", admin, null));
    done(201, call("POST", "/api/accounts", all, "{\"name\": \"more\", \"mp_user_id\": \"2703\"}"));
    assertThat(audited("mine"))
        .contains("account-set by key:admin-mine of account mine: site")
        .contains("account-remove by key:admin-mine of account mine");
  }

  @Test
  void aListGoesOnPageByPage() {
    post("/api/accounts", "{\"name\": \"page-1\", \"mp_user_id\": \"2801\"}");
    post("/api/accounts", "{\"name\": \"page-2\", \"mp_user_id\": \"2802\"}");

    List<String> all = names(get("/api/accounts?limit=500"));
    List<String> pages = new ArrayList<>();
    JsonNode page = get("/api/accounts?limit=1");
    while (!page.path("next").isNull()) {
      pages.addAll(names(page));
      page = get("/api/accounts?limit=1&cursor=" + page.path("next").asText());
    }
    pages.addAll(names(page));
    assertThat(pages).isEqualTo(all).contains("page-1", "page-2");
  }

  /** Another service on the same database, by whose configuration main's seller is unknown. */
  @Test
  void noSecondAccountIsMadeWhileMainsSellerIsUnknown() {
    try (var empty = TestDatabase.open(engine);
        var other = RunningAcuse.start(empty, sandbox, settings(false))) {
      HttpResponse<String> answer =
          other.exchange(
              HttpRequest.newBuilder(other.url("/api/accounts"))
                  .header("Authorization", "Bearer " + ROOT)
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"name\": \"second\", \"mp_user_id\": \"2901\"}"))
                  .build());

      assertThat(ProblemAnswer.of(answer, 409, "main_seller_unknown").path("detail").asText())
          .contains("MP_COLLECTOR_ID");
      assertThat(empty.count("accounts")).isEqualTo(1);
    }
  }
}

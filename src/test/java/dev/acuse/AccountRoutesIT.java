package dev.acuse;

import static dev.acuse.support.TwoAccounts.A;
import static dev.acuse.support.TwoAccounts.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.ApiContract;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.CookieManager;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every route of the API and of the console, called for account A, shows and changes nothing of B,
 * though B has the same ids, references and contacts. A route without a case here fails the test:
 * it must be thought of whose things it shows.
 */
@ParameterizedClass
@EnumSource
class AccountRoutesIT {
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");
  private static final List<String> ALL_STATUSES =
      List.of("pending", "processing", "success", "ignored", "failed", "quarantined");

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();
  private final Map<String, Case> cases = new LinkedHashMap<>();
  private RunningAcuse acuse;
  private TwoAccounts two;

  /** What is asked on a route. */
  @FunctionalInterface
  private interface Case {
    void run();
  }

  @SuppressWarnings("NullAway.Init")
  AccountRoutesIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @BeforeEach
  void start() {
    Instant now = Instant.now();
    two = TwoAccounts.in(database.jdbi(), now);
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "INSERT INTO inbox_hold (id, paused_at, paused_by) VALUES (1, ?, 'canary-b')",
                    now));
    TwoAccounts.store(database.jdbi(), now);
    acuse = RunningAcuse.start(ScopedApplication.class, database, sandbox, Map.of());
    addApi();
    addConsole();
  }

  @AfterEach
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  private static Set<String> routes() {
    Set<String> routes = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.acuse")) {
      if (type.isAnnotatedWith(Path.class)) {
        addRoutes(type.reflect(), routes);
      }
    }
    routes.removeIf(route -> route.contains(" /webhooks"));
    return routes;
  }

  private static void addRoutes(Class<?> resource, Set<String> routes) {
    String root = resource.getAnnotation(Path.class).value();
    for (Method method : resource.getDeclaredMethods()) {
      for (Annotation annotation : method.getAnnotations()) {
        HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
        if (verb != null && !verb.value().equals("HEAD")) {
          Path path = method.getAnnotation(Path.class);
          routes.add(verb.value() + " " + root + (path == null ? "" : path.value()));
        }
      }
    }
  }

  @Test
  void everyRouteHasACaseAndNoneShowsOrChangesWhatIsAnothers() {
    Set<String> routes = routes();
    assertThat(routes).hasSizeGreaterThan(40);
    assertThat(cases.keySet()).containsExactlyInAnyOrderElementsOf(routes);
    List<String> before = TwoAccounts.rowsOfB(database.jdbi());
    cases.forEach(
        (route, asked) -> {
          asked.run();
          assertThat(TwoAccounts.rowsOfB(database.jdbi())).as(route).isEqualTo(before);
        });
  }

  @Test
  void whoSeesEverythingSeesBothAndCanNarrowIt() {
    for (String list :
        List.of(
            "/api/webhook-events",
            "/api/payments",
            "/api/checkouts",
            "/api/effects",
            "/api/orders",
            "/api/disputes")) {
      assertThat(send(get(list)).body()).contains("canary-a", "canary-b", "\"account\":\"shop-b\"");
      assertThat(send(get(list + "?account=shop-b")).body())
          .contains("canary-b")
          .doesNotContain("canary-a");
      HttpResponse<String> unknown = send(get(list + "?account=shop-c"));
      assertThat(unknown.statusCode()).isEqualTo(400);
      assertThat(unknown.body()).contains("account", "there is no such account");
      assertThat(send(forA(get(list + "?account=shop-b"))).statusCode()).isEqualTo(400);
    }
    assertThat(send(get("/api/stats?account=shop-b")).body()).contains("\"failed\":1");
    assertThat(send(get("/api/stats")).body()).contains("\"failed\":2");
    String events = send(get("/console/events")).body();
    assertThat(events).contains("shop-b", "name=\"account\"");
    assertThat(send(forA(get("/console/events"))).body()).doesNotContain("name=\"account\"");
    for (String page :
        List.of(
            "payments",
            "orders",
            "disputes",
            "checkouts",
            "effects",
            "audit",
            "reconciliation",
            "health")) {
      assertThat(send(get("/console/" + page)).body()).as(page).contains("shop-b");
    }
  }

  @Test
  void aWriteSaysWhichAccountWhereTheCallerSeesSeveral() {
    String body =
        """
        {"external_reference": "order-9", "contact_id": "c", "amount": 10, "currency": "ARS",
         "title": "x"%s}
        """;
    HttpRequest.Builder unnamed = json("/api/checkouts", body.formatted(""));
    HttpResponse<String> refused = send(unnamed.header(ScopedApplication.HEADER, "1,2"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("'account'", "which of your accounts");
    HttpResponse<String> invisible =
        send(forA(json("/api/checkouts", body.formatted(", \"account\": \"shop-b\""))));
    assertThat(invisible.statusCode()).isEqualTo(400);
    assertThat(invisible.body()).contains("'account'", "no such account");
    assertThat(send(forA(json("/api/checkouts", body.formatted("")))).statusCode()).isEqualTo(201);
    HttpResponse<String> again = send(json("/api/checkouts", body.formatted("")));
    assertThat(again.statusCode()).as("the root caller's is main's").isEqualTo(200);
    assertThat(again.body()).contains("\"account\":\"main\"");
  }

  private void addApi() {
    list("GET /api/webhook-events", "/api/webhook-events", "?q=mp:payment&status=failed");
    one("GET /api/webhook-events/{id}", "/api/webhook-events/%d", "failed");
    one("GET /api/webhook-events/{id}/payload", "/api/webhook-events/%d/payload", "failed");
    cases.put(
        "POST /api/webhook-events/{id}/retry",
        () -> {
          mustBe(404, json("/api/webhook-events/" + two.id(B, "failed") + "/retry", ""));
          mustBe(200, json("/api/webhook-events/" + two.id(A, "failed") + "/retry", ""));
        });
    cases.put(
        "POST /api/webhook-events/retry",
        () -> {
          for (String query : List.of("all=true&status=success", "q=mp:payment&status=ignored")) {
            String counted =
                mustBe(200, json("/api/webhook-events/retry?dry_run=true&" + query, ""));
            assertThat(counted).contains("\"matched\":1");
            assertThat(mustBe(200, json("/api/webhook-events/retry?" + query, "")))
                .contains("\"retried\":1");
          }
          mustBe(400, json("/api/webhook-events/retry?account=shop-b", ""));
        });
    cases.put(
        "GET /api/stats",
        () -> {
          String stats = mustBe(200, get("/api/stats"));
          assertThat(stats).contains("\"unaccounted\":null", "an operator", "\"quarantined\":1");
          mustBe(400, get("/api/stats?account=shop-b"));
        });
    list("GET /api/payments", "/api/payments", "?payment_id=138400000001");
    one("GET /api/payments/{id}", "/api/payments/%d", "payment");
    cases.put(
        "POST /api/payments/{id}/accept",
        () -> {
          mustBe(404, json("/api/payments/" + two.id(B, "flagged") + "/accept", ""));
          mustBe(200, json("/api/payments/" + two.id(A, "flagged") + "/accept", ""));
        });
    list("GET /api/orders", "/api/orders", "?payment_id=138400000001&status=processed");
    one("GET /api/orders/{id}", "/api/orders/%d", "order");
    list("GET /api/disputes", "/api/disputes", "?mp_id=217000060000000001&state=open");
    one("GET /api/disputes/{id}", "/api/disputes/%d", "dispute");
    cases.computeIfPresent("GET /api/payments/{id}", (route, asked) -> () -> showsItsOwn(asked));
    list("GET /api/effects", "/api/effects", "?payment_id=138400000001");
    one("GET /api/effects/{id}", "/api/effects/%d", "effect-failed");
    cases.put(
        "POST /api/effects/{id}/retry",
        () -> {
          mustBe(404, json("/api/effects/" + two.id(B, "effect-failed") + "/retry", ""));
          mustBe(200, json("/api/effects/" + two.id(A, "effect-failed") + "/retry", ""));
        });
    cases.put(
        "POST /api/effects/retry",
        () ->
            assertThat(mustBe(200, json("/api/effects/retry?state=done&kind=tag", "")))
                .contains("\"retried\":1"));
    list("GET /api/checkouts", "/api/checkouts", "?external_reference=order-1");
    one("GET /api/checkouts/{id}", "/api/checkouts/%d", "checkout");
    cases.put(
        "POST /api/checkouts",
        () ->
            mustBe(
                400,
                json(
                    "/api/checkouts",
                    """
                    {"external_reference": "order-1", "contact_id": "c", "amount": 10,
                     "currency": "ARS", "title": "x", "account": "shop-b"}
                    """)));
    cases.put("GET /api/ledger", () -> mustBe(403, get("/api/ledger")));
    list("GET /api/reconciliation", "/api/reconciliation", "?limit=1");
    one("GET /api/reconciliation/{id}", "/api/reconciliation/%d", "run");
    cases.put(
        "POST /api/reconciliation",
        () -> {
          mustBe(400, json("/api/reconciliation?account=shop-b", ""));
          assertThat(mustBe(202, json("/api/reconciliation", ""))).contains("\"account\":\"main\"");
        });
    addAdministration();
    cases.put("GET /api/openapi.json", () -> mustBe(200, get("/api/openapi.json")));
  }

  /** Orders and disputes of B name a payment of the same id. */
  private void showsItsOwn(Case asked) {
    asked.run();
    JsonNode payment = RunningAcuse.json(send(forA(get("/api/payments/" + two.id(A, "payment")))));
    assertThat(payment.path("orders"))
        .extracting(one -> one.path("id").asLong())
        .containsExactly(two.id(A, "order"));
    assertThat(payment.path("disputes"))
        .extracting(one -> one.path("id").asLong())
        .containsExactly(two.id(A, "dispute"));
    for (String path :
        List.of("orders/" + two.id(A, "order"), "disputes/" + two.id(A, "dispute"))) {
      assertThat(RunningAcuse.json(send(forA(get("/api/" + path)))).path("payments"))
          .extracting(one -> one.path("id").asLong())
          .containsExactly(two.id(A, "payment"));
    }
    String page = mustBe(200, get("/console/payments/" + two.id(A, "payment")));
    assertThat(page)
        .contains("/console/orders/" + two.id(A, "order") + "\"")
        .contains("/console/disputes/" + two.id(A, "dispute") + "\"")
        .doesNotContain("/console/orders/" + two.id(B, "order") + "\"")
        .doesNotContain("/console/disputes/" + two.id(B, "dispute") + "\"");
  }

  private void addAdministration() {
    cases.put(
        "GET /api/accounts",
        () -> assertThat(mustBe(200, get("/api/accounts"))).contains("\"name\":\"main\""));
    cases.put(
        "GET /api/accounts/{name}",
        () -> {
          mustBe(200, get("/api/accounts/main"));
          mustBe(404, get("/api/accounts/shop-b"));
        });
    cases.put(
        "POST /api/accounts", () -> mustBe(403, json("/api/accounts", "{\"name\": \"shop-c\"}")));
    String renamed = "{\"display_name\": \"Shop A\"}";
    cases.put(
        "PATCH /api/accounts/{name}",
        () -> {
          mustBe(404, method("PATCH", "/api/accounts/shop-b", renamed));
          mustBe(200, method("PATCH", "/api/accounts/main", renamed));
        });
    cases.put(
        "DELETE /api/accounts/{name}",
        () -> mustBe(404, method("DELETE", "/api/accounts/shop-b", "")));
    cases.put(
        "POST /api/accounts/{name}/test",
        () -> mustBe(404, json("/api/accounts/shop-b/test", "{}")));
    for (String route :
        List.of(
            "GET /api/applications",
            "POST /api/applications",
            "GET /api/applications/{name}",
            "PATCH /api/applications/{name}",
            "DELETE /api/applications/{name}")) {
      String[] parts = route.replace("{name}", "main").split(" ", -1);
      cases.put(
          route,
          () ->
              mustBe(
                  403, parts[0].equals("GET") ? get(parts[1]) : method(parts[0], parts[1], "{}")));
    }
    String key = "{\"name\": \"%s\", \"role\": \"read\", \"accounts\": [\"%s\"]}";
    String keyOfB = given("/api/keys", key.formatted("key-of-shop-b", "shop-b"));
    cases.put("GET /api/keys", () -> mustBe(200, get("/api/keys")));
    cases.put(
        "POST /api/keys",
        () -> {
          mustBe(400, json("/api/keys", key.formatted("other", "shop-b")));
          mustBe(201, json("/api/keys", key.formatted("own", "main")));
        });
    cases.put(
        "DELETE /api/keys/{id}", () -> mustBe(404, method("DELETE", "/api/keys/" + keyOfB, "")));
    String person =
        """
        {"name": "%s", "role": "viewer", "accounts": ["%s"], "password": "a long password"}
        """;
    String personOfB = given("/api/people", person.formatted("ana-of-shop-b", "shop-b"));
    // As long as there are people, the console wants one of them.
    disable(personOfB);
    cases.put("GET /api/people", () -> mustBe(200, get("/api/people")));
    cases.put(
        "POST /api/people",
        () -> {
          mustBe(400, json("/api/people", person.formatted("other", "shop-b")));
          disable(id(mustBe(201, json("/api/people", person.formatted("own", "main")))));
        });
    cases.put(
        "PATCH /api/people/{id}",
        () -> mustBe(404, method("PATCH", "/api/people/" + personOfB, "{\"disabled\": true}")));
    cases.put(
        "DELETE /api/people/{id}",
        () -> mustBe(404, method("DELETE", "/api/people/" + personOfB, "")));
  }

  /** Made by the caller of everything; answers its id. */
  private String given(String path, String body) {
    HttpResponse<String> answer = send(json(path, body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return id(answer.body());
  }

  private static String id(String made) {
    Matcher id = Pattern.compile("\"id\":(\\d+)").matcher(made);
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  private void disable(String person) {
    assertThat(send(method("DELETE", "/api/people/" + person, "")).statusCode()).isEqualTo(200);
  }

  private void addConsole() {
    list("GET /console/events", "/console/events", "?q=138400000001");
    one("GET /console/events/{id}", "/console/events/%d", "quarantined");
    one("GET /console/events/{id}/payload", "/console/events/%d/payload", "quarantined");
    deed("POST /console/events/{id}/retry", "/console/events/%d/retry", "failed");
    deed("POST /console/events/{id}/ignore", "/console/events/%d/ignore", "pending");
    deed("POST /console/events/{id}/release", "/console/events/%d/release", "quarantined");
    String both = two.id(A, "ignored") + "&id=" + two.id(B, "ignored");
    cases.put(
        "POST /console/bulk/preview",
        () -> {
          assertThat(mustBe(200, form("/console/bulk/preview", "scope=selected&id=" + both)))
              .contains("<b>1 ");
          mustBe(200, form("/console/bulk/preview", "scope=all&query=" + encoded("?q=mp")));
          mustBe(
              400, form("/console/bulk/preview", "scope=all&query=" + encoded("?account=shop-b")));
        });
    cases.put(
        "POST /console/bulk",
        () -> {
          mustLead(form("/console/bulk", "scope=selected&reason=r&once=1&id=" + both));
          mustLead(
              form(
                  "/console/bulk",
                  "scope=all&reason=r&once=2&query=" + encoded("?status=success")));
        });
    list("GET /console/audit", "/console/audit", "");
    one("GET /console/audit/{id}", "/console/audit/%d", "action");
    cases.put(
        "GET /console/payments",
        () -> {
          for (String query : List.of("", "?q=138400000001", "?q=order-1", "?status=approved")) {
            assertThat(mustBe(200, get("/console/payments" + query)))
                .contains("\"/console/payments/" + two.id(A, "payment") + "\"")
                .doesNotContain("\"/console/payments/" + two.id(B, "payment") + "\"")
                .doesNotContain("\"/console/payments/" + two.id(B, "flagged") + "\"");
          }
        });
    one("GET /console/payments/{id}", "/console/payments/%d", "payment");
    deed("POST /console/payments/{id}/look-up", "/console/payments/%d/look-up", "payment");
    deed("POST /console/payments/{id}/tag", "/console/payments/%d/tag", "payment");
    deed("POST /console/payments/{id}/accept", "/console/payments/%d/accept", "flagged");
    list("GET /console/checkouts", "/console/checkouts", "?q=order-1");
    one("GET /console/checkouts/{id}", "/console/checkouts/%d", "checkout");
    list("GET /console/orders", "/console/orders", "?q=" + TwoAccounts.ORDER);
    one("GET /console/orders/{id}", "/console/orders/%d", "order");
    list("GET /console/disputes", "/console/disputes", "?q=138400000001&due=2");
    one("GET /console/disputes/{id}", "/console/disputes/%d", "dispute");
    list("GET /console/effects", "/console/effects", "?payment_id=138400000001");
    deed("POST /console/effects/{id}/retry", "/console/effects/%d/retry", "effect-done");
    cases.put(
        "POST /console/effects/bulk/preview",
        () -> mustBe(200, form("/console/effects/bulk/preview", "query=")));
    cases.put(
        "POST /console/effects/bulk",
        () -> mustLead(form("/console/effects/bulk", "reason=r&once=3&query=")));
    cases.put(
        "GET /console/reconciliation",
        () -> {
          mustBe(200, get("/console/reconciliation"));
          mustBe(400, get("/console/reconciliation?account=shop-b"));
        });
    cases.put(
        "POST /console/reconciliation",
        () -> mustBe(400, form("/console/reconciliation", "span=day&account=shop-b")));
    cases.put(
        "GET /console/health",
        () ->
            assertThat(mustBe(200, get("/console/health?period=hour")))
                .doesNotContain("shop-b", "/s <small>"));
    // What it sends is a version of what the visitor sees: see the readers' test.
    cases.put("GET /console/stream", () -> {});
    // Who is let in and what is the same for all.
    for (String unscoped :
        List.of(
            "GET /console/login",
            "POST /console/login",
            "POST /console/logout",
            "GET /console/preferences",
            "GET /console",
            "GET /console/assets/{name}")) {
      cases.put(unscoped, () -> {});
    }
  }

  private void list(String route, String path, String narrowed) {
    cases.put(
        route,
        () -> {
          String found = mustBe(200, get(path));
          // An effect that was retried has no error any more.
          assertThat(found)
              .as(route)
              .contains(path.startsWith("/console/effects") ? "tag-failed" : "canary-a");
          mustBe(200, get(path + narrowed));
          for (String status : ALL_STATUSES) {
            if (path.endsWith("events")) {
              mustBe(200, get(path + "?status=" + status));
            }
          }
          if (!path.endsWith("audit")) {
            mustBe(400, get(path + "?account=shop-b"));
          }
        });
  }

  private void one(String route, String path, String what) {
    cases.put(
        route,
        () -> {
          assertThat(mustBe(200, get(path.formatted(two.id(A, what))))).contains("canary-a");
          mustBe(404, get(path.formatted(two.id(B, what))));
        });
  }

  private void deed(String route, String path, String what) {
    cases.put(
        route,
        () -> {
          mustBe(404, form(path.formatted(two.id(B, what)), "reason=r"));
          mustLead(form(path.formatted(two.id(A, what)), "reason=r"));
        });
  }

  private String mustBe(int status, HttpRequest.Builder request) {
    HttpResponse<String> answer = send(forA(request));
    assertThat(answer.statusCode()).as("%s %s", answer.uri(), answer.body()).isEqualTo(status);
    assertThat(answer.body()).as("%s", answer.uri()).doesNotContain("canary-b");
    // A page links to itself: what was asked stands in it.
    if (!answer.uri().toString().contains("shop-b")) {
      assertThat(answer.body()).as("%s", answer.uri()).doesNotContain("shop-b");
    }
    return answer.body();
  }

  private void mustLead(HttpRequest.Builder request) {
    String place = mustBeSeen(request);
    if (place.startsWith("/console/audit/")) {
      // Who began the job sees it; one of the other account does not.
      mustBe(200, get(place));
      HttpResponse<String> other = send(get(place).header(ScopedApplication.HEADER, "2"));
      assertThat(other.statusCode()).isEqualTo(404);
    }
  }

  private String mustBeSeen(HttpRequest.Builder request) {
    HttpResponse<String> answer = send(forA(request));
    assertThat(answer.statusCode()).as("%s %s", answer.uri(), answer.body()).isEqualTo(303);
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private static HttpRequest.Builder forA(HttpRequest.Builder request) {
    return request.setHeader(ScopedApplication.HEADER, String.valueOf(A));
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(acuse.url(path)).GET();
  }

  private HttpRequest.Builder json(String path, String body) {
    return method("POST", path, body);
  }

  private HttpRequest.Builder method(String method, String path, String body) {
    return HttpRequest.newBuilder(acuse.url(path))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder form(String path, String fields) {
    Matcher token = TOKEN.matcher(send(get("/console/events")).body());
    assertThat(token.find()).isTrue();
    return HttpRequest.newBuilder(acuse.url(path))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Sec-Fetch-Site", "same-origin")
        .POST(
            HttpRequest.BodyPublishers.ofString(fields + "&form_token=" + encoded(token.group(1))));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      ApiContract.check(answer);
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

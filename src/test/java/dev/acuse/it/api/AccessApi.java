package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.access.KeyRing;
import dev.acuse.access.KeyStore;
import dev.acuse.access.PersonStore;
import dev.acuse.api.ApiServer;
import dev.acuse.api.KeysResource;
import dev.acuse.api.PeopleResource;
import dev.acuse.http.ApiCaller;
import dev.acuse.support.ApiContract;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may ask the API for what, with three accounts: main, a and b. */
abstract class AccessApi {
  private static final String ROOT = "root-token-0123456789";
  private static final String PASSWORD = "correct horse battery";

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private ApiServer api;

  AccessApi(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void start() {
    database = TestDatabase.open(engine);
    var accounts = TestAccounts.mainAnd("a", "b");
    var keys = new KeyStore(database.jdbi(), clock, accounts);
    var people = new PersonStore(database.jdbi(), clock, accounts);
    api =
        ApiServer.withKeys(
            ROOT,
            new KeyRing(keys, clock),
            new KeysResource(keys),
            new PeopleResource(people),
            new Who());
  }

  @AfterEach
  void stop() {
    api.close();
    database.close();
  }

  /** Tells a caller what it is taken for. */
  @Path("/api/who")
  @Produces(MediaType.APPLICATION_JSON)
  public static final class Who {
    @GET
    public Map<String, String> get(@Auth ApiCaller caller) {
      return Map.of(
          "name", caller.name(),
          "role", caller.role().name(),
          "scope",
              caller.scope().isEverything()
                  ? "all"
                  : new TreeSet<>(caller.scope().accountIds()).toString());
    }

    @POST
    public String post() {
      return "posted";
    }

    @PUT
    public String put() {
      return "put";
    }

    @PATCH
    public String patch() {
      return "patched";
    }

    @DELETE
    public String delete() {
      return "deleted";
    }
  }

  private HttpResponse<String> call(
      String method, String path, @Nullable String token, @Nullable String body) {
    HttpRequest.Builder request = api.request(path);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer =
        api.send(
            body == null
                ? request.method(method, HttpRequest.BodyPublishers.noBody())
                : request
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)));
    if (!path.startsWith("/api/who")) {
      ApiContract.check(answer);
    }
    return answer;
  }

  private JsonNode done(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return RunningAcuse.json(answer);
  }

  private JsonNode make(String token, String name, String role, String accounts) {
    return done(
        201,
        call(
            "POST",
            "/api/keys",
            token,
            "{\"name\": \"%s\", \"role\": \"%s\", \"accounts\": %s}"
                .formatted(name, role, accounts)));
  }

  private String key(String name, String role, String accounts) {
    return make(ROOT, name, role, accounts).path("secret").asText();
  }

  private JsonNode refused(int status, String code, HttpResponse<String> answer) {
    JsonNode problem = done(status, answer);
    assertThat(problem.path("code").asText()).as(answer.body()).isEqualTo(code);
    return problem;
  }

  @Test
  void eachRoleMayWhatItMayByEachMethod() {
    Map<String, List<String>> may =
        Map.of(
            "read", List.of("GET", "HEAD"),
            "write", List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            "admin", List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            "link", List.of());
    may.forEach(
        (role, methods) -> {
          String key = key("k-" + role, role, "[\"*\"]");
          for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")) {
            HttpResponse<String> answer = call(method, "/api/who", key, null);
            assertThat(answer.statusCode())
                .as(role + " " + method + " " + answer.body())
                .isEqualTo(methods.contains(method) ? 200 : 403);
          }
          boolean admin = role.equals("admin");
          for (String path : List.of("/api/keys", "/api/people")) {
            assertThat(call("GET", path, key, null).statusCode()).isEqualTo(admin ? 200 : 403);
            assertThat(call("POST", path, key, "{}").statusCode()).isEqualTo(admin ? 400 : 403);
            assertThat(call("DELETE", path + "/999", key, null).statusCode())
                .isEqualTo(admin ? 404 : 403);
          }
        });
  }

  @Test
  void whatIsMissingIsNamed() {
    String read = key("r", "read", "[\"*\"]");
    String link = key("l", "link", "[\"*\"]");

    assertThat(
            refused(403, "forbidden", call("POST", "/api/who", read, null)).path("detail").asText())
        .isEqualTo("This needs a key of the role write; the role of this one is read.");
    assertThat(
            refused(403, "forbidden", call("GET", "/api/who", link, null)).path("detail").asText())
        .isEqualTo("This needs a key of the role read; the role of this one is link.");
    assertThat(
            refused(403, "forbidden", call("GET", "/api/keys", read, null)).path("detail").asText())
        .contains("the role admin");
  }

  @Test
  void aCallerIsKnownByItsKeyAndSeesItsAccounts() {
    assertThat(done(200, call("GET", "/api/who", key("crm", "write", "[\"b\", \"a\"]"), null)))
        .isEqualTo(
            RunningAcuse.json("{\"name\":\"key:crm\",\"role\":\"OPERATOR\",\"scope\":\"[2, 3]\"}"));
    assertThat(done(200, call("GET", "/api/who", key("all", "read", "[\"*\"]"), null)))
        .isEqualTo(
            RunningAcuse.json("{\"name\":\"key:all\",\"role\":\"VIEWER\",\"scope\":\"all\"}"));
    assertThat(done(200, call("GET", "/api/who", ROOT, null)))
        .isEqualTo(
            RunningAcuse.json("{\"name\":\"api-token\",\"role\":\"ADMIN\",\"scope\":\"all\"}"));
  }

  @Test
  void aGuessAndNothingAreRefused() {
    key("crm", "read", "[\"*\"]");
    for (String token : new String[] {null, "wrong", "ack_" + "x".repeat(43)}) {
      HttpResponse<String> answer = call("GET", "/api/who", token, null);
      refused(401, "unauthorized", answer);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer realm=\"acuse\"");
    }
  }

  @Test
  void aKeyThatHasEndedIsToldSo() {
    String end = clock.instant().plus(Duration.ofDays(1)).toString();
    String ending =
        done(
                201,
                call(
                    "POST",
                    "/api/keys",
                    ROOT,
                    """
                    {"name": "short", "role": "read", "accounts": ["a"], "expires_at": "%s"}
                    """
                        .formatted(end)))
            .path("secret")
            .asText();
    JsonNode made = make(ROOT, "gone", "read", "[\"a\"]");
    String revoked = made.path("secret").asText();
    assertThat(call("GET", "/api/who", ending, null).statusCode()).isEqualTo(200);
    assertThat(call("GET", "/api/who", revoked, null).statusCode()).isEqualTo(200);

    done(200, call("DELETE", "/api/keys/" + made.path("key").path("id"), ROOT, null));
    clock.advance(Duration.ofDays(1));

    assertThat(
            refused(401, "key_expired", call("GET", "/api/who", ending, null))
                .path("detail")
                .asText())
        .contains(end);
    refused(401, "key_revoked", call("GET", "/api/who", revoked, null));
  }

  @Test
  void aKeyIsShownOnce() {
    JsonNode made = make(ROOT, "crm", "read", "[\"a\"]");
    String secret = made.path("secret").asText();

    String list = call("GET", "/api/keys", ROOT, null).body();
    assertThat(list).contains("crm", secret.substring(43)).doesNotContain(secret);
    JsonNode shown = RunningAcuse.json(list).path("items").get(0);
    assertThat(shown).isEqualTo(made.path("key"));
    assertThat(shown.path("accounts")).isEqualTo(RunningAcuse.json("[\"a\"]"));
    assertThat(shown.path("created_by").asText()).isEqualTo("api-token");
    assertThat(call("DELETE", "/api/keys/" + shown.path("id"), ROOT, null).body())
        .doesNotContain(secret);
  }

  @Test
  void aListGoesOnPageByPage() {
    for (int i = 0; i < 3; i++) {
      key("k" + i, "read", "[\"a\"]");
    }
    JsonNode first = done(200, call("GET", "/api/keys?limit=2", ROOT, null));
    JsonNode second =
        done(
            200,
            call("GET", "/api/keys?limit=2&cursor=" + first.path("next").asText(), ROOT, null));

    assertThat(first.path("items").findValuesAsText("name")).containsExactly("k2", "k1");
    assertThat(second.path("items").findValuesAsText("name")).containsExactly("k0");
    assertThat(second.path("next").isNull()).isTrue();
  }

  @Test
  void badInputIsNamedByItsField() {
    key("taken", "read", "[\"a\"]");
    Map<String, String> keys =
        Map.of(
            "{\"role\": \"read\", \"accounts\": [\"a\"]}",
            "'name'",
            "{\"name\": \"taken\", \"role\": \"read\", \"accounts\": [\"a\"]}",
            "'name' is taken",
            "{\"name\": \"k\", \"role\": \"boss\", \"accounts\": [\"a\"]}",
            "'role'",
            "{\"name\": \"k\", \"role\": \"read\"}",
            "'accounts'",
            "{\"name\": \"k\", \"role\": \"read\", \"accounts\": [\"nosuch\"]}",
            "'accounts'",
            "{\"name\": \"k\", \"role\": \"read\", \"accounts\": [null]}",
            "'accounts'",
            "{\"name\": \"k\", \"role\": \"read\", \"accounts\": [\"a\"], \"expires_at\":"
                + " \"2001-01-01T00:00:00Z\"}",
            "'expires_at'",
            "{\"name\": \"k\", \"role\": \"read\", \"accounts\": [\"a\"], \"expires_at\":"
                + " \"+1000000-01-01T00:00:00Z\"}",
            "'expires_at'",
            "{\"name\": \"k\", \"role\": \"read\", \"accounts\": [\"a\"], \"expires_at\": \"soon\"}",
            "'expires_at'");
    keys.forEach(
        (body, said) ->
            assertThat(
                    refused(400, "invalid_body", call("POST", "/api/keys", ROOT, body))
                        .path("detail")
                        .asText())
                .as(body)
                .contains(said));
    Map<String, String> people =
        Map.of(
            "{\"name\": \"ana\", \"role\": \"viewer\", \"accounts\": [\"a\"], \"password\": \"x\"}",
            "'password' must have 10",
            "{\"name\": \"ana\", \"role\": \"viewer\", \"accounts\": [\"a\"], \"password\": \"%s\"}"
                .formatted("x".repeat(73)),
            "'password' may have 72",
            "{\"name\": \"ana\", \"role\": \"read\", \"accounts\": [\"a\"], \"password\": \"x\"}",
            "'role'",
            "{\"name\": \"ana\", \"role\": \"viewer\", \"accounts\": [], \"password\": \"x\"}",
            "'accounts'");
    people.forEach(
        (body, said) ->
            assertThat(
                    refused(400, "invalid_body", call("POST", "/api/people", ROOT, body))
                        .path("detail")
                        .asText())
                .as(body)
                .contains(said));
    for (String path : List.of("/api/keys", "/api/people")) {
      assertThat(call("POST", path, ROOT, "").statusCode()).isEqualTo(400);
      assertThat(call("POST", path, ROOT, "{\"nosuch\": 1}").statusCode()).isEqualTo(400);
      assertThat(call("DELETE", path + "/x", ROOT, null).statusCode()).isEqualTo(400);
    }
    assertThat(database.count("people")).isZero();
    assertThat(database.count("api_keys")).isEqualTo(1);
  }

  @Test
  void anAdminOfSomeAccountsGivesAndSeesNoMore() {
    key("all", "read", "[\"*\"]");
    key("b", "read", "[\"b\"]");
    String ofA = key("admin-a", "admin", "[\"a\"]");

    assertThat(
            done(200, call("GET", "/api/keys", ofA, null)).path("items").findValuesAsText("name"))
        .containsExactly("admin-a");
    JsonNode own = make(ofA, "own", "write", "[\"a\"]");
    assertThat(own.path("key").path("created_by").asText()).isEqualTo("key:admin-a");
    for (String accounts : List.of("[\"*\"]", "[\"b\"]", "[\"a\", \"b\"]")) {
      refused(
          400,
          "invalid_body",
          call(
              "POST",
              "/api/keys",
              ofA,
              "{\"name\": \"more\", \"role\": \"read\", \"accounts\": %s}".formatted(accounts)));
    }
    long hidden =
        done(200, call("GET", "/api/keys", ROOT, null)).path("items").get(2).path("id").asLong();
    refused(404, "not_found", call("DELETE", "/api/keys/" + hidden, ofA, null));

    JsonNode person =
        done(201, call("POST", "/api/people", ofA, person("ana", "operator", "[\"a\"]")));
    done(201, call("POST", "/api/people", ROOT, person("ben", "viewer", "[\"a\", \"b\"]")));
    assertThat(
            done(200, call("GET", "/api/people", ofA, null)).path("items").findValuesAsText("name"))
        .containsExactly("ana");
    refused(
        400,
        "invalid_body",
        call("PATCH", "/api/people/" + person.path("id"), ofA, "{\"accounts\": [\"b\"]}"));
  }

  private static String person(String name, String role, String accounts) {
    return "{\"name\": \"%s\", \"role\": \"%s\", \"accounts\": %s, \"password\": \"%s\"}"
        .formatted(name, role, accounts, PASSWORD);
  }

  @Test
  void aPersonIsAddedChangedAndDisabled() {
    JsonNode added =
        done(201, call("POST", "/api/people", ROOT, person("ana", "viewer", "[\"a\"]")));
    String path = "/api/people/" + added.path("id");
    clock.advance(Duration.ofSeconds(1));

    JsonNode changed =
        done(
            200,
            call(
                "PATCH",
                path,
                ROOT,
                "{\"role\": \"admin\", \"accounts\": [\"*\"], \"password\": \"another horse\"}"));
    assertThat(changed.path("role").asText()).isEqualTo("admin");
    assertThat(changed.path("accounts")).isEqualTo(RunningAcuse.json("[\"*\"]"));
    assertThat(changed.path("updated_at").asText()).isEqualTo(clock.instant().toString());
    assertThat(done(200, call("DELETE", path, ROOT, null)).path("disabled_at").isTextual())
        .isTrue();
    assertThat(
            done(200, call("PATCH", path, ROOT, "{\"disabled\": false}"))
                .path("disabled_at")
                .isNull())
        .isTrue();
    String list = call("GET", "/api/people", ROOT, null).body();
    assertThat(list).contains("ana").doesNotContain("$2a$", PASSWORD, "another horse");
  }
}

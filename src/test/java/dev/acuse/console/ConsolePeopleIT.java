package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.access.Grantor;
import dev.acuse.access.NewPerson;
import dev.acuse.access.Person;
import dev.acuse.access.PersonChange;
import dev.acuse.access.PersonStore;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** People of the database at the console, beside the configured users. */
class ConsolePeopleIT {
  private static final Grantor ROOT = Grantor.root("api-token");
  private static final String PASSWORD = "correct horse battery";
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final PersonStore people =
      new PersonStore(database.jdbi(), Clock.systemUTC(), TestAccounts.mainAnd("b"));
  private HttpClient client = browser();

  @SuppressWarnings("NullAway.Init")
  private RunningAcuse acuse;

  private static HttpClient browser() {
    return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  }

  private void start(String configured) {
    acuse = RunningAcuse.start(database, sandbox, Map.of("console.users", configured));
  }

  @AfterEach
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  private Person add(String name, String role, String... accounts) {
    return people.add(new NewPerson(name, role, List.of(accounts), PASSWORD), ROOT);
  }

  private void change(Person person, PersonChange change) {
    assertThat(people.change(person.id(), change, ROOT)).isPresent();
  }

  @Test
  void aPersonSignsInBesideTheConfiguredUsersAndByTheRole() {
    String hash = new BCryptPasswordEncoder(4).encode(PASSWORD);
    start("ana:operator:" + hash);
    add("vera", "viewer", "*");
    add("olga", "operator", "main");
    add("ada", "admin", "*");

    for (String name : List.of("ana", "vera", "olga", "ada")) {
      client = browser();
      assertThat(logIn(name, PASSWORD).statusCode()).as(name).isEqualTo(303);
      HttpResponse<String> page = get("/console/events");
      assertThat(page.statusCode()).as(name).isEqualTo(200);
      assertThat(page.body()).contains("<bdi>" + name + "</bdi>");
      assertThat(post("/console/payments/999/accept", page.body()).statusCode())
          .as(name)
          .isEqualTo(name.equals("vera") ? 403 : 404);
    }
    client = browser();
    assertThat(logIn("vera", "wrong password").statusCode()).isEqualTo(401);
  }

  @Test
  void anOperatorActsWithinItsOwnAccounts() {
    start("");
    add("olga", "operator", "main");
    add("berta", "operator", "b");

    logIn("olga", PASSWORD);
    assertThat(post("/console/reconciliation", get("/console/events").body()).statusCode())
        .isEqualTo(303);
    client = browser();
    logIn("berta", PASSWORD);
    assertThat(
            form(
                    "/console/reconciliation",
                    Map.of(
                        "form_token",
                        token(get("/console/events").body()),
                        "reason",
                        "r",
                        "account",
                        "main"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void aConfiguredUserWinsOverAPersonOfTheSameName() {
    start("ana:viewer:" + new BCryptPasswordEncoder(4).encode("the configured one"));
    add("ana", "admin", "*");

    assertThat(logIn("ana", PASSWORD).statusCode()).isEqualTo(401);
    assertThat(logIn("ana", "the configured one").statusCode()).isEqualTo(303);
    assertThat(post("/console/payments/999/accept", get("/console/events").body()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void theSessionsOfAPersonEndWithEachChange() {
    start("");
    add("ada", "admin", "*");
    Person ana = add("ana", "operator", "main");
    List<PersonChange> changes =
        List.of(
            new PersonChange("viewer", null, null, null),
            new PersonChange(null, List.of("main", "b"), null, null),
            new PersonChange(null, null, "another horse battery", null));
    for (PersonChange change : changes) {
      client = browser();
      assertThat(logIn("ana", PASSWORD).statusCode()).isEqualTo(303);
      assertThat(get("/console/events").statusCode()).isEqualTo(200);
      change(ana, change);
      assertThat(get("/console/events").statusCode()).as(change.toString()).isEqualTo(303);
    }
    client = browser();
    assertThat(logIn("ana", PASSWORD).statusCode()).isEqualTo(401);
    assertThat(logIn("ana", "another horse battery").statusCode()).isEqualTo(303);
    assertThat(get("/console/events").statusCode()).isEqualTo(200);

    change(ana, PersonChange.DISABLED);
    change(ana, new PersonChange(null, null, null, false));
    assertThat(get("/console/events").statusCode()).isEqualTo(303);
  }

  @Test
  void aDisabledPersonHasNoSessionAndSignsInNoMore() {
    start("");
    add("ada", "admin", "*");
    Person ana = add("ana", "operator", "main");
    logIn("ana", PASSWORD);
    assertThat(get("/console/events").statusCode()).isEqualTo(200);

    change(ana, PersonChange.DISABLED);

    assertThat(get("/console/events").statusCode()).isEqualTo(303);
    assertThat(logIn("ana", PASSWORD).statusCode()).isEqualTo(401);
  }

  @Test
  @Timeout(60)
  void theStreamOfAPersonEndsWithTheSession() throws Exception {
    start("");
    add("ada", "admin", "*");
    Person ana = add("ana", "operator", "main");
    logIn("ana", PASSWORD);
    HttpResponse<InputStream> stream =
        client.send(
            HttpRequest.newBuilder(acuse.url("/console/stream")).build(),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);

    change(ana, PersonChange.DISABLED);

    try (InputStream body = stream.body()) {
      assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).contains("retry:");
    }
  }

  @Test
  void withThePersonThatIsFirstThisMachineSignsInToo() {
    start("");
    assertThat(get("/console/events").statusCode()).isEqualTo(200);
    HttpResponse<String> added =
        acuse.post(
            "/api/people",
            """
            {"name": "ana", "role": "admin", "accounts": ["main"], "password": "%s"}
            """
                .formatted(PASSWORD));
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);

    assertThat(get("/console/events").statusCode()).isEqualTo(303);
    assertThat(logIn("ana", PASSWORD).statusCode()).isEqualTo(303);
    assertThat(get("/console/events").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> logIn(String user, String password) {
    String token = token(get("/console/login").body());
    return form("/console/login", Map.of("user", user, "password", password, "form_token", token));
  }

  private HttpResponse<String> post(String path, String page) {
    return form(path, Map.of("form_token", token(page), "reason", "r"));
  }

  private static String token(String page) {
    Matcher matcher = TOKEN.matcher(page);
    assertThat(matcher.find()).as(page).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(acuse.url(path)));
  }

  private HttpResponse<String> form(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(acuse.url(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** Who gets into the console, and what every answer of it carries. */
class ConsoleAccessIT {
  private static final String PASSWORD = "correct horse battery";
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private static TestDatabase database;
  private static Sandbox sandbox;
  private static RunningAcuse acuse;

  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    // The least cost that there is, because each test logs in.
    String hash = new BCryptPasswordEncoder(4).encode(PASSWORD);
    acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of("console.users", "ana:operator:" + hash + ",ben:viewer:" + hash));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void aStrangerIsSentToTheLoginAndBackToWhereHeWanted() {
    HttpResponse<String> answer = get("/console/events?status=failed&q=a%20b");
    assertThat(answer.statusCode()).isEqualTo(303);
    String login = answer.headers().firstValue("Location").orElseThrow();
    assertThat(login)
        .isEqualTo("/console/login?next=%2Fconsole%2Fevents%3Fstatus%3Dfailed%26q%3Da%2520b");

    HttpResponse<String> back = logIn("ana", PASSWORD, "/console/events?status=failed&q=a%20b");
    assertThat(back.statusCode()).isEqualTo(303);
    assertThat(back.headers().firstValue("Location"))
        .hasValue("/console/events?status=failed&q=a%20b");
    assertThat(get("/console/events").statusCode()).isEqualTo(200);
  }

  @Test
  void nobodyIsSentToAnotherSiteAfterTheLogin() {
    for (String next : List.of("https://evil.test/", "//evil.test", "/\\evil.test", "/api/stats")) {
      assertThat(logIn("ana", PASSWORD, next).headers().firstValue("Location"))
          .hasValue("/console/events");
      cookies.getCookieStore().removeAll();
    }
  }

  @Test
  void everyRedirectIsAPathSoThatItLeadsBackByTheSchemeThatTheBrowserSees() {
    Events.insert(database.jdbi(), 2, EventStatus.FAILED, Instant.now());
    logIn("ana", PASSWORD, "");
    String token = token(get("/console/events"));
    // A start has used up the first ids.
    long first =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT MIN(id) FROM webhook_events")
                        .mapTo(Long.class)
                        .one());
    List<HttpRequest.Builder> requests =
        List.of(
            HttpRequest.newBuilder(acuse.url("/console")),
            HttpRequest.newBuilder(acuse.url("/console/login")),
            HttpRequest.newBuilder(
                acuse.url("/console/preferences?lang=es&back=/console/payments")),
            form(
                "/console/events/" + first + "/ignore", Map.of("form_token", token, "reason", "r")),
            form(
                "/console/bulk",
                Map.of(
                    "form_token",
                    token,
                    "reason",
                    "r",
                    "once",
                    "1",
                    "scope",
                    "all",
                    "query",
                    "?status=success")),
            form("/console/reconciliation", Map.of("form_token", token, "span", "day")),
            form("/console/logout", Map.of("form_token", token)));
    for (HttpRequest.Builder request : requests) {
      HttpResponse<String> answer =
          send(request.header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", "a.test"));
      assertThat(answer.statusCode()).as(answer.uri() + answer.body()).isEqualTo(303);
      assertThat(answer.headers().firstValue("Location").orElseThrow())
          .as(answer.uri().toString())
          .startsWith("/console/");
    }
  }

  /** A field of a form takes fifty times its bytes in memory, and a stranger may send this one. */
  @Test
  void theFormOfTheLoginIsSmall() {
    byte[] fields = "aaa&".repeat(1_100).getBytes(StandardCharsets.US_ASCII);
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofByteArray(fields);
    for (boolean chunked : List.of(false, true)) {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(acuse.url("/console/login"))
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Cookie", "acuse_session=forged")
                  .header("Sec-Fetch-Site", "same-origin")
                  .POST(chunked ? HttpRequest.BodyPublishers.fromPublisher(body) : body));
      assertThat(answer.statusCode()).as(chunked + answer.body()).isEqualTo(413);
    }
  }

  @Test
  void aPageOfAVeryLongAddressIsForgottenAtTheLoginSoThatItsFormStaysSmall() {
    assertThat(logIn("ana", PASSWORD, "/console/events?q=" + "a".repeat(1_000)).headers())
        .matches(all -> all.firstValue("Location").equals(Optional.of("/console/events")));
  }

  @Test
  void everyPageButTheLoginWantsASession() {
    for (String path :
        List.of(
            "/console/events", "/console/events/1", "/console/nothing", "/console/preferences")) {
      assertThat(get(path).statusCode()).as(path).isIn(303, 404);
      assertThat(get(path).body()).as(path).doesNotContain("<table");
    }
    assertThat(post("/console/logout", Map.of()).statusCode()).isEqualTo(401);
  }

  @Test
  void aWrongPasswordAndAnUnknownUserAreRefusedAlike() {
    HttpResponse<String> wrong = logIn("ana", "wrong", "");
    HttpResponse<String> unknown = logIn("nobody", "wrong", "");

    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(wrong.body()).contains("User or password is wrong.");
    assertThat(stable(unknown.body())).isEqualTo(stable(wrong.body()));
    assertThat(get("/console/events").statusCode()).isEqualTo(303);
    logIn("ana", PASSWORD, "");
  }

  private static String stable(String page) {
    return TOKEN.matcher(page).replaceAll("").replaceAll("data-now=\"[0-9]+\"", "");
  }

  @Test
  void theSessionCookieIsOutOfReachOfScriptsAndSecureBehindTls() {
    String plain = setCookie(logIn("ana", PASSWORD, ""));
    assertThat(plain).contains("HttpOnly").contains("SameSite=Lax").doesNotContain("Secure");
    cookies.getCookieStore().removeAll();

    String token = token(get("/console/login"));
    HttpResponse<String> answer =
        send(
            form("/console/login", Map.of("user", "ana", "password", PASSWORD, "form_token", token))
                .header("X-Forwarded-Proto", "https"));
    assertThat(setCookie(answer)).contains("Secure");
  }

  private static String setCookie(HttpResponse<String> answer) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith("acuse_session="))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSessionThatWasLoggedOutIsOfNoMoreUse() {
    logIn("ana", PASSWORD, "");
    String session = cookie("acuse_session");

    assertThat(
            post("/console/logout", Map.of("form_token", token(get("/console/events"))))
                .statusCode())
        .isEqualTo(303);
    assertThat(
            send(HttpRequest.newBuilder(acuse.url("/console/events"))
                    .header("Cookie", "acuse_session=" + session))
                .statusCode())
        .isEqualTo(303);
  }

  @Test
  void aSessionIsKeptAsAHashOnly() {
    logIn("ana", PASSWORD, "");
    String session = cookie("acuse_session");

    List<String> kept =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT token_hash FROM console_sessions")
                        .mapTo(String.class)
                        .list());
    assertThat(kept).isNotEmpty().doesNotContain(session);
  }

  @Test
  void aFormOfAnotherSiteIsRefused() {
    logIn("ana", PASSWORD, "");
    String token = token(get("/console/events"));
    Map<String, String> fields = Map.of("form_token", token);

    assertThat(status(form("/console/logout", fields).setHeader("Sec-Fetch-Site", "cross-site")))
        .isEqualTo(403);
    assertThat(status(form("/console/logout", fields).setHeader("Sec-Fetch-Site", "same-site")))
        .isEqualTo(403);
    assertThat(status(bare("/console/logout", fields).setHeader("Origin", "https://evil.test")))
        .isEqualTo(403);
    assertThat(status(bare("/console/logout", fields))).isEqualTo(403);
    assertThat(post("/console/logout", Map.of()).statusCode()).isEqualTo(403);
    assertThat(post("/console/logout", Map.of("form_token", "x")).statusCode()).isEqualTo(403);
    assertThat(get("/console/events").statusCode()).isEqualTo(200);
    String own = "http://" + acuse.url("").getAuthority();
    assertThat(status(bare("/console/logout", fields).setHeader("Origin", own))).isEqualTo(303);
  }

  @Test
  void whoGuessesHasToWaitAndIsToldHowLong() {
    for (int i = 0; i < 5; i++) {
      logIn("guessed", "wrong " + i, "");
    }
    HttpResponse<String> last = logIn("guessed", "wrong again", "");
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(last.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
    assertThat(last.body()).contains("Too many failed logins");
  }

  @Test
  void wrongPasswordsFromElsewhereHoldTheRightOneNotBack() throws IOException {
    for (int i = 0; i < 6; i++) {
      assertThat(logInFrom("127.0.0.9", "ben", "wrong", "")).containsAnyOf(" 401 ", " 429 ");
    }
    assertThat(logInFrom("127.0.0.9", "ben", PASSWORD, "")).contains(" 429 ");

    assertThat(logInFrom("127.0.0.8", "ben", PASSWORD, "")).contains(" 303 ");
  }

  @Test
  void aBrowserThatHasLoggedInBeforeIsNotHeldBackByOthersOfItsAddress() throws IOException {
    assertThat(logIn("ben", PASSWORD, "").statusCode()).isEqualTo(303);
    String device = cookie("acuse_device");
    for (int i = 0; i < 6; i++) {
      logInFrom("127.0.0.7", "ben", "wrong", "");
    }
    assertThat(logInFrom("127.0.0.7", "ben", PASSWORD, "")).contains(" 429 ");
    assertThat(logInFrom("127.0.0.7", "ben", PASSWORD, "x" + device)).contains(" 429 ");

    assertThat(logInFrom("127.0.0.7", "ben", PASSWORD, device)).contains(" 303 ");
  }

  /** Answers the whole answer, as bytes were sent. */
  private String logInFrom(String address, String user, String password, String device)
      throws IOException {
    cookies.getCookieStore().removeAll();
    String token = token(get("/console/login"));
    String body =
        "user=%s&password=%s&form_token=%s"
            .formatted(user, URLEncoder.encode(password, StandardCharsets.UTF_8), token);
    int port = acuse.url("").getPort();
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0)) {
      String request =
          String.join(
              "\r\n",
              "POST /console/login HTTP/1.1",
              "Host: 127.0.0.1",
              "Connection: close",
              "Sec-Fetch-Site: same-origin",
              "Cookie: acuse_forms=" + cookie("acuse_forms") + "; acuse_device=" + device,
              "Content-Type: application/x-www-form-urlencoded",
              "Content-Length: " + body.length(),
              "",
              body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .findFirst()
        .map(HttpCookie::getValue)
        .orElseThrow();
  }

  @Test
  void theHeadOfTheStreamTakesNoSeatOfAPage() {
    logIn("ana", PASSWORD, "");

    for (int i = 0; i < 60; i++) {
      HttpResponse<String> answer =
          send(
              HttpRequest.newBuilder(acuse.url("/console/stream"))
                  .timeout(Duration.ofSeconds(10))
                  .method("HEAD", HttpRequest.BodyPublishers.noBody()));
      assertThat(answer.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aReasonThatNoTextCanHoldIsRefused() {
    logIn("ana", PASSWORD, "");
    String token = token(get("/console/events"));

    HttpResponse<String> answer =
        post("/console/payments/1/accept", Map.of("form_token", token, "reason", "a\0b"));

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void everyAnswerCarriesTheHeadersThatKeepScriptsAndFramesOut() {
    for (String path :
        List.of(
            "/console/login",
            "/console/events",
            "/console/nothing",
            "/console/assets/console.js")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Frame-Options")).as(path).hasValue("DENY");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }
    assertThat(get("/console/login").headers().firstValue("Cache-Control"))
        .hasValue("private, no-store");
  }

  private HttpResponse<String> logIn(String user, String password, String next) {
    String token = token(get("/console/login"));
    return post(
        "/console/login",
        Map.of("user", user, "password", password, "next", next, "form_token", token));
  }

  private static String token(HttpResponse<String> page) {
    Matcher matcher = TOKEN.matcher(page.body());
    assertThat(matcher.find()).as("a form token in %s", page.body()).isTrue();
    return matcher.group(1);
  }

  private HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(acuse.url(path)));
  }

  private HttpResponse<String> post(String path, Map<String, String> fields) {
    return send(form(path, fields));
  }

  private int status(HttpRequest.Builder request) {
    return send(request).statusCode();
  }

  private static HttpRequest.Builder form(String path, Map<String, String> fields) {
    return bare(path, fields).header("Sec-Fetch-Site", "same-origin");
  }

  private static HttpRequest.Builder bare(String path, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    URI url = acuse.url(path);
    return HttpRequest.newBuilder(url)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(body));
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

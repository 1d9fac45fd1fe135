package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in {@code webhook.log}, and what must never stand there. */
class LogIT {
  private static final String CANARY = "canary";
  private static final String EMAIL = "canary.payer@example.test";
  private static final SandboxOptions.Credentials CREDENTIALS =
      new SandboxOptions.Credentials(
          "APP_USR-canary-token", "canary-secret", 448_800_001, "pit-canary-token", "location1");

  /** Every line begins with its time: nothing that came from outside has begun a line. */
  private static final Pattern LINE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (INFO|WARN|ERROR) +\\S+"
              + " \\[webhook_id=\\S+ mp_payment_id=\\S+ attempt=\\S+] .*");

  private static final Pattern ATTEMPT =
      Pattern.compile(
          ".*] attempt webhook_id=(\\S+) mp_payment_id=(\\d+|-) type=(\\S+) attempt=\\d+/\\d+"
              + " outcome=(\\w+) status=(\\w+) ms=\\d+ next=(-|\\d{4}-\\S+Z)( reason=\".*\")?");

  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final Sandbox sandbox =
      Sandbox.start(SandboxOptions.defaults(InstantSource.system()).withCredentials(CREDENTIALS));
  private final Notifications notifications = sandbox.notifications();
  private @Nullable HttpServer talkativeCrm;

  @TempDir private Path folder = Path.of("target");

  @BeforeEach
  void aCrmThatRepeatsWhatItKnows() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] answer =
        """
        {"statusCode": 400, "message": "%s is not reachable by %s\\n2026 ERROR fake"}
        """
            .formatted(EMAIL, CREDENTIALS.goHighLevelToken())
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(400, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    talkativeCrm = server;
  }

  @AfterEach
  void close() {
    if (talkativeCrm != null) {
      talkativeCrm.stop(0);
    }
    sandbox.close();
    database.close();
  }

  @Test
  void noSecretNoAddressAndNoBodyIsLoggedOrAnsweredWhateverGoesWrong() {
    List<String> answers = new ArrayList<>();
    try (RunningAcuse acuse = start(Map.of())) {
      send(acuse, paid(acuse, "good"), "success");
      sandbox.mercadoPago().faults().always(401);
      String waiting = send(acuse, paid("late"), "pending");
      await().until(() -> count(ATTEMPT, "outcome=outage") > 0);
      sandbox.mercadoPago().faults().none();
      awaitStatus(acuse, waiting, "success");
      send(acuse, "138499999999", "failed");
      refusals(acuse, answers);
    }
    try (RunningAcuse acuse = start(Map.of("goHighLevel.baseUrl", crmUrl()))) {
      send(acuse, paid("unreachable"), "success");
      await()
          .untilAsserted(
              () ->
                  assertThat(acuse.items("/api/webhook-events?status=failed").toString())
                      .as("the event of its tag")
                      .contains("effect:", "***@example.test", "[REDACTED]")
                      .doesNotContain(CANARY));
    }

    assertThat(answers).hasSizeGreaterThan(6).noneMatch(body -> body.contains(CANARY));
    assertThat(lines()).noneMatch(line -> line.contains(CANARY)).allMatch(LINE.asMatchPredicate());
    assertThat(lines()).anyMatch(line -> line.contains("***@example.test"));
  }

  @Test
  void eachAttemptIsOneLineWithAllThatMatters() {
    String webhookId;
    String failing;
    try (RunningAcuse acuse = start(Map.of())) {
      webhookId = send(acuse, paid(acuse, "sale"), "success");
      failing = send(acuse, "138499999999", "failed");
    }

    assertThat(attempts(webhookId))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .matches(ATTEMPT)
                    .contains(" type=payment attempt=1/4 outcome=success status=success ")
                    .endsWith(" next=-"));
    assertThat(attempts(failing)).hasSize(4).allMatch(ATTEMPT.asMatchPredicate());
    assertThat(attempts(failing).subList(0, 3))
        .allMatch(line -> line.contains(" WARN ") && line.contains("outcome=retry status=pending"))
        .noneMatch(line -> line.contains("next=-"));
    assertThat(attempts(failing).get(3))
        .contains(" ERROR ", "attempt=4/4 outcome=failed status=failed", "next=- reason=");
  }

  @Test
  void aLineBreakInATypeOrAHeaderBeginsNoLineOfTheLog() throws IOException {
    try (RunningAcuse acuse = start(Map.of("mercadoPago.webhookSecrets", ""))) {
      String fake = "\n2026-01-01T00:00:00.000Z ERROR fake";
      Notification good = notifications.paymentCreated("138400000001");
      send(
          acuse,
          notifications.webhook("pay" + fake, "42", "x" + fake).withHeader("user-agent", null));
      send(acuse, good.withBody("{\"type\":\"x\\n2026 ERROR fake\",\"data\":{\"id\":\"1\\n2\"}}"));
      send(acuse, good.withQuery("topic=a%0D%0A2026%20ERROR%20fake&id=7%0A2026%20ERROR%20fake"));
      send(acuse, good.withQuery("data.id=1%E2%80%A82026%20ERROR%20fake&type=%C2%852026"));
      sendRaw(acuse, "X-Request-Id: a\r\n 2026 ERROR fake");
      sendRaw(acuse, "User-Agent: a\n2026 ERROR fake");
      sendRaw(acuse, "x-signature: ts=1,v1=\u000b2026 ERROR fake\u0085");
      acuse.get("/api/webhook-events?type=a%0A2026%20ERROR%20fake");
      acuse.get("/api/%0A2026%20ERROR%20fake");
    }

    assertThat(lines()).isNotEmpty().allMatch(LINE.asMatchPredicate());
    startSaidOnceThat("No MP_WEBHOOK_SECRET is set: signatures of webhooks are not checked");
    startSaidOnceThat(
        "no API token is configured (ACUSE_API_TOKEN): without a key the API answers only to");
  }

  private void startSaidOnceThat(String warning) {
    assertThat(lines())
        .filteredOn(line -> line.contains(warning))
        .singleElement()
        .asString()
        .contains(" WARN ");
  }

  /** Requests that are refused, with canaries in whatever they carry. */
  private void refusals(RunningAcuse acuse, List<String> answers) {
    Notification good = notifications.paymentCreated("138400000001");
    answers.add(send(acuse, good.withHeader("x-signature", "ts=1,v1=canary")));
    answers.add(send(acuse, good.withQuery("").withBody("{canary")));
    answers.add(send(acuse, good.withQuery("").withBody("{\"note\":\"canary\"}")));
    answers.add(send(acuse, good.withQuery("data.id=../canary&type=payment")));
    answers.add(send(acuse, good.withBody("{\"note\":\"canary\",\"data\":{\"id\":\"1\"}}")));
    for (String body :
        List.of(
            "{canary",
            "{\"title\":[\"canary\"]}",
            "{\"amount\":\"canary\"}",
            "{\"external_reference\":\"r\",\"contact_id\":\"/canary\",\"amount\":1,"
                + "\"currency\":\"canary\",\"title\":\"t\",\"payer_email\":\"canary\"}")) {
      answers.add(acuse.post("/api/checkouts", body).body());
    }
    answers.add(acuse.get("/api/webhook-events?status=canary").body());
    answers.add(acuse.get("/api/payments/canary").body());
    answers.add(acuse.get("/canary").body());
    sandbox.mercadoPago().faults().fail(1, 401);
    answers.add(checkout(acuse, "refused").body());
  }

  private RunningAcuse start(Map<String, String> overrides) {
    Map<String, String> all = new HashMap<>(overrides);
    all.put("logging.appenders[1].currentLogFilename", log().toString());
    all.put(
        "logging.appenders[1].archivedLogFilenamePattern",
        folder.resolve("webhook-%d-%i.log.gz").toString());
    return RunningAcuse.start(database, sandbox, all);
  }

  private Path log() {
    return folder.resolve("webhook.log");
  }

  private String crmUrl() {
    return "http://127.0.0.1:" + Objects.requireNonNull(talkativeCrm).getAddress().getPort();
  }

  /** Registers a checkout and has it paid; answers the payment's id. */
  private String paid(RunningAcuse acuse, String reference) {
    sandbox.goHighLevel().addContact("contact-" + reference, EMAIL);
    assertThat(checkout(acuse, reference).statusCode()).isEqualTo(201);
    return paid(reference);
  }

  /** Paid by a payer with an address, whose contact stands in the payment's metadata. */
  private String paid(String reference) {
    sandbox.goHighLevel().addContact("contact-" + reference, EMAIL);
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN,
            "ARS",
            reference,
            EMAIL,
            CREDENTIALS.collectorId(),
            Map.of("contact_id", "contact-" + reference));
    return String.valueOf(
        sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.APPROVED).payment().id());
  }

  private static HttpResponse<String> checkout(RunningAcuse acuse, String reference) {
    return acuse.post(
        "/api/checkouts",
        """
        {"external_reference": "%s", "contact_id": "contact-%s", "amount": 10, "currency": "ARS",
         "title": "canary title", "payer_email": "%s"}
        """
            .formatted(reference, reference, EMAIL));
  }

  /** Tells of a payment and waits for its event; answers the event's id. */
  private String send(RunningAcuse acuse, String payment, String status) {
    Notification notification = notifications.paymentCreated(payment);
    String body = new String(notification.body(), StandardCharsets.UTF_8);
    String answer =
        send(acuse, notification.withBody(body.replaceFirst("\\{", "{\"note\":\"canary\",")));
    String webhookId = RunningAcuse.json(answer).path("webhook_id").asText();
    awaitStatus(acuse, webhookId, status);
    return webhookId;
  }

  private static String send(RunningAcuse acuse, Notification notification) {
    return acuse.send(notification).body();
  }

  private static void awaitStatus(RunningAcuse acuse, String webhookId, String status) {
    await()
        .untilAsserted(
            () ->
                assertThat(acuse.items("/api/webhook-events?limit=500&status=" + status))
                    .anyMatch(event -> event.path("webhook_id").asText().equals(webhookId)));
  }

  /** Sends a request that no client would send, and waits for the answer. */
  private static void sendRaw(RunningAcuse acuse, String header) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), acuse.url("/").getPort())) {
      String request =
          "POST /webhooks/mp?data.id=1&type=payment HTTP/1.1\r\nHost: localhost\r\n"
              + header
              + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
    }
  }

  private long count(Pattern pattern, String part) {
    return lines().stream()
        .filter(pattern.asMatchPredicate())
        .filter(line -> line.contains(part))
        .count();
  }

  private List<String> attempts(String webhookId) {
    return lines().stream()
        .filter(line -> line.contains("] attempt webhook_id=" + webhookId))
        .toList();
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.acuse.sandbox.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.acuse.sandbox.Http;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private static final String PAYMENT = "/v1/payments/7";

  private final ManualClock clock = ManualClock.create();
  private Sandbox sandbox;
  private Faults faults;
  private Http mercadoPago;
  private Http crm;

  @BeforeEach
  void start() {
    sandbox = Sandbox.start(SandboxOptions.defaults(clock));
    faults = sandbox.mercadoPago().faults();
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    mercadoPago =
        new Http(sandbox.mercadoPagoUrl(), "Authorization", "Bearer " + credentials.accessToken());
    crm =
        new Http(
            sandbox.goHighLevelUrl(),
            "Authorization",
            "Bearer " + credentials.goHighLevelToken(),
            "Version",
            "2021-07-28");
    sandbox
        .mercadoPago()
        .put(
            SandboxPayment.of(
                7, BigDecimal.TEN, 448_800_001L, PaymentOutcome.APPROVED, clock.instant()));
    sandbox.goHighLevel().addContact("C1", null);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  @Test
  void downDropsEveryConnectionUntilUp() throws Exception {
    Faults crmFaults = sandbox.goHighLevel().faults();
    crmFaults.down();
    assertThatThrownBy(this::tag).isInstanceOf(IOException.class);
    assertThatThrownBy(this::tag).isInstanceOf(IOException.class);
    assertThat(sandbox.goHighLevel().tagCalls()).isEmpty();

    crmFaults.up();

    assertThat(tag().statusCode()).isEqualTo(201);
    assertThat(sandbox.goHighLevel().requestCount("/contacts/C1/tags")).isEqualTo(3);
  }

  @Test
  void aServerThatStopsListeningRefusesConnectionsAndComesBackOnItsPort() throws Exception {
    sandbox.mercadoPago().stopListening();
    assertThatThrownBy(() -> mercadoPago.get(PAYMENT)).isInstanceOf(ConnectException.class);

    sandbox.mercadoPago().startListening();

    assertThat(mercadoPago.get(PAYMENT).statusCode()).isEqualTo(200);
  }

  @Test
  void orderedFaultsComeInTurnAndEnd() throws Exception {
    Faults crmFaults = sandbox.goHighLevel().faults();
    crmFaults.fail(1, 500);
    crmFaults.tooManyRequests(1, "7");
    crmFaults.dropConnections(1);

    HttpResponse<String> failed = tag();
    HttpResponse<String> throttled = tag();
    assertThatThrownBy(this::tag).isInstanceOf(IOException.class);

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(throttled.statusCode()).isEqualTo(429);
    assertThat(throttled.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(sandbox.goHighLevel().tagCalls()).isEmpty();
    assertThat(tag().statusCode()).isEqualTo(201);
  }

  @Test
  void anOrderedErrorHasMercadoPagosShape() throws Exception {
    faults.fail(1, 500);

    HttpResponse<String> failed = mercadoPago.get(PAYMENT);

    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(Http.json(failed).path("error").textValue()).isEqualTo("internal_error");
    assertThat(mercadoPago.get(PAYMENT).statusCode()).isEqualTo(200);
  }

  @Test
  void eachServerFailsInItsOwnShapeAndAlone() throws Exception {
    sandbox.goHighLevel().faults().always(401);

    HttpResponse<String> refused = crm.get("/contacts/C1");

    assertThat(Http.json(refused).path("statusCode").intValue()).isEqualTo(401);
    assertThat(mercadoPago.get(PAYMENT).statusCode()).isEqualTo(200);
    sandbox.goHighLevel().faults().none();
    assertThat(crm.get("/contacts/C1").statusCode()).isEqualTo(200);
  }

  @Test
  void aLostAnswerStillHasItsEffect() {
    sandbox.goHighLevel().faults().loseAnswers(1);

    assertThatThrownBy(this::tag).isInstanceOf(IOException.class);

    assertThat(sandbox.goHighLevel().tagsOf("C1")).containsExactly("paid");
  }

  @Test
  void aFailedRequestHasNoEffect() throws Exception {
    sandbox.goHighLevel().faults().fail(1, 503);

    assertThat(tag().statusCode()).isEqualTo(503);

    assertThat(sandbox.goHighLevel().tagsOf("C1")).isEmpty();
  }

  @Test
  void garbageIsA200OfNoUse() throws Exception {
    faults.garbage(1, GarbageKind.HTML);
    faults.garbage(1, GarbageKind.EMPTY);
    faults.garbage(1, GarbageKind.TRUNCATED_JSON);
    faults.garbage(1, GarbageKind.WRONG_ID);

    HttpResponse<String> html = mercadoPago.get(PAYMENT);
    HttpResponse<String> empty = mercadoPago.get(PAYMENT);
    HttpResponse<String> truncated = mercadoPago.get(PAYMENT);
    HttpResponse<String> wrong = mercadoPago.get(PAYMENT);

    assertThat(List.of(html, empty, truncated, wrong))
        .extracting(HttpResponse::statusCode)
        .containsOnly(200);
    assertThat(html.body()).startsWith("<html>");
    assertThat(empty.body()).isEmpty();
    assertThatThrownBy(() -> Http.json(truncated)).isInstanceOf(JsonProcessingException.class);
    assertThat(Http.json(wrong).path("id").longValue()).isEqualTo(8);
  }

  @Test
  void aBodyOfASizeIsStillTheSameJson() throws Exception {
    faults.bodyOfSize(2_000_000);

    HttpResponse<String> answer = mercadoPago.get(PAYMENT);

    assertThat(answer.body()).hasSize(2_000_000);
    assertThat(Http.json(answer).path("id").longValue()).isEqualTo(7);
  }

  @Test
  void lateAnswersHoldNoThread() throws Exception {
    try (Sandbox narrow = Sandbox.start(SandboxOptions.defaults(clock).withThreads(1))) {
      var http =
          new Http(
              narrow.mercadoPagoUrl(),
              "Authorization",
              "Bearer " + narrow.options().credentials().accessToken());
      narrow.mercadoPago().faults().latency(Duration.ofHours(1));
      assertThatThrownBy(() -> http.call(Duration.ofMillis(300), "GET", PAYMENT, ""))
          .isInstanceOf(HttpTimeoutException.class);

      narrow.mercadoPago().faults().latency(Duration.ZERO);

      assertThat(http.get(PAYMENT).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void randomFaultsFollowTheSeed() {
    assertThat(taken(5)).isEqualTo(taken(5)).isNotEqualTo(taken(6));
    assertThat(taken(5)).contains("drop", "status 500", "");
  }

  @Test
  void theControlPathOrdersFaultsForBothServers() throws Exception {
    var person = new Http(sandbox.mercadoPagoUrl());
    faults.down();

    person.post("/_sandbox/faults?target=mercadopago&kind=up", "");
    person.post("/_sandbox/faults?target=mercadopago&kind=status&status=502&times=1", "");
    person.post("/_sandbox/faults?target=gohighlevel&kind=html&times=1", "");

    assertThat(mercadoPago.get(PAYMENT).statusCode()).isEqualTo(502);
    assertThat(mercadoPago.get(PAYMENT).statusCode()).isEqualTo(200);
    assertThat(crm.get("/contacts/C1").body()).startsWith("<html>");
    assertThat(person.post("/_sandbox/faults?target=mercadopago&kind=odd", "").statusCode())
        .isEqualTo(400);
    assertThat(person.post("/_sandbox/faults?target=other&kind=drop", "").statusCode())
        .isEqualTo(400);
  }

  /** A POST: the JDK's client repeats a GET by itself when its connection is dropped. */
  private HttpResponse<String> tag() throws IOException, InterruptedException {
    return crm.post("/contacts/C1/tags", "{\"tags\": [\"paid\"]}");
  }

  private static List<String> taken(long seed) {
    var faults = new Faults(seed);
    faults.random(0.5, Fault.drop(), Fault.status(500));
    var taken = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      taken.add(faults.take().map(Fault::toString).orElse(""));
    }
    return taken;
  }
}

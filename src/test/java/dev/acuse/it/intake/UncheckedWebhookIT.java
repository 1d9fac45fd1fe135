package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Counter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.http.SandboxRequest;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks that nobody should send, where no secret is configured. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UncheckedWebhookIT {
  private final Bench bench = new Bench(Engine.H2, Map.of("mercadoPago.webhookSecrets", ""));
  private final String payment = bench.sell();

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', empty_body",
    "{Canary7, malformed_json",
    "{} Canary7, malformed_json",
    "'{\"data\":{\"id\":\"Canary7', malformed_json",
    "[[[[[[[[[[, malformed_json",
  })
  void aBodyThatCannotBeReadIsRefusedAndKeptThoughTheQueryNamesAnId(String body, String code) {
    assertThat(bench.refused(webhook().withBody(body), 400, code).path("resource_id").asText())
        .isEqualTo(payment);
  }

  @Test
  void aBodyThatIsTooDeepOrInNoEncodingIsRefusedAndKept() {
    bench.refused(webhook().withBody("[".repeat(16_000)), 400, "malformed_json");
    bench.refused(
        webhook().withBody("{\"action\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1)),
        400,
        "malformed_json");
  }

  @Test
  void aWebhookThatNamesNoResourceIsRefusedAndKept() {
    for (String body : new String[] {"{}", "[]", "null", "{\"id\":1,\"type\":\"payment\"}"}) {
      bench.refused(webhook().withQuery("type=payment").withBody(body), 400, "bad_resource_id");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2F..%2Fusers%2Fme%2FCanary7",
        "1%3Fx%3DCanary7",
        "1%0d%0aX-Canary7%3A%201",
        "%00",
        "-1",
        "1e3",
        "%D9%A1%D9%A2",
      })
  void anIdThatIsNoneIsKeptAndNeverLookedUp(String id) {
    int before = lookUps().size();

    for (String query : List.of("type=payment&data.id=", "type=payment&id=", "topic=payment&id=")) {
      bench.refused(webhook().withQuery(query + id), 400, "bad_resource_id");
    }

    // Of the one that comes after them everything has been looked up: theirs would have been, too.
    bench.ends(bench.stored(webhook()), EventStatus.SUCCESS);
    assertThat(lookUps().subList(before, lookUps().size()))
        .extracting(SandboxRequest::path)
        .containsOnly("/v1/payments/" + payment);
  }

  @Test
  void ofTwoIdsNoneIsTaken() {
    bench.refused(webhook().withQuery("type=payment&data.id=1&data.id=2"), 400, "bad_resource_id");
  }

  @Test
  void aLongIdIsKeptAndOneOverTheLimitTold() {
    bench.refused(
        webhook().withQuery("type=payment&data.id=" + "1".repeat(7000)), 400, "bad_resource_id");
    ProblemAnswer.of(
        bench.post(webhook().withQuery("type=payment&data.id=" + "1".repeat(10_240))),
        414,
        "uri_too_long");
  }

  @Test
  void aQueryThatCannotBeDecodedNamesNothing() {
    RawAnswer answer =
        RawAnswer.to(
            bench.port(),
            new byte[] {'{', '}'},
            "POST /webhooks/mp?type=payment&data.id=1%zzCanary7 HTTP/1.1",
            "Host: localhost",
            "Content-Length: 2",
            "Connection: close");

    assertThat(answer.status()).isEqualTo(400);
    ProblemAnswer.of(answer, 400, "bad_resource_id");
  }

  @Test
  void aHintNeedsNoBody() {
    Notification hint = bench.notifications().ipnPayment(payment);

    WebhookEvent event = bench.stored(hint.withBody(""));

    assertThat(event.signature()).isEqualTo(SignatureState.UNVERIFIABLE);
    bench.ends(event, EventStatus.SUCCESS);
  }

  @Test
  void refusalsAreCountedByTheirReason() {
    Counter counter = bench.metrics().counter("acuse.intake.refused.malformed_json");
    long before = counter.getCount();

    bench.refused(webhook().withBody("{"), 400, "malformed_json");

    assertThat(counter.getCount()).isEqualTo(before + 1);
  }

  private List<SandboxRequest> lookUps() {
    return bench.sandbox().mercadoPago().requests();
  }

  private Notification webhook() {
    return bench.notifications().paymentUpdated(payment).withHeader("x-signature", null);
  }
}

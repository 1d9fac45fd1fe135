package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Signer;
import dev.acuse.sandbox.http.SandboxRequest;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks whose signature, time or request id nobody should send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadSignatureIT {
  private static final String NEW_SECRET = "a-secret-newer-than-the-sandbox-has";
  private static final String REQUEST_ID = "7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10";

  private final InstantSource clock = InstantSource.system();
  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of("mercadoPago.webhookSecrets", NEW_SECRET + "," + Bench.sandboxSecret()));
  private final String payment = bench.sell();

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @Test
  void anUnsignedWebhookIsRefusedAndQuarantined() {
    JsonNode event = bench.refused(genuine().withHeader("x-signature", null), 401, "signature");

    assertThat(event.path("status").asText()).isEqualTo("quarantined");
    assertThat(event.path("signature").asText()).isEqualTo("bad");
    assertThat(event.path("resource_id").asText()).isEqualTo(payment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "=",
        ",,,",
        "Canary7",
        "ts=",
        "ts=,v1=",
        "ts=NOW",
        "v1=GOOD",
        "ts=NOW,v2=GOOD",
        "ts=99999999999999999999,v1=GOOD",
        "ts=-1,v1=GOOD",
        "ts=1.5,v1=GOOD",
        "ts=\u0661\u0662,v1=GOOD",
        "ts=NOW,v1=zzGOOD",
        "ts=NOW,v1=GOOD0",
        "ts=NOW,v1=Canary7",
        "ts=NOW,v1=\u00e9",
        "ts=NOW,ts=NOW,v1=GOOD",
        "ts=NOW,v1=GOOD,v1=GOOD",
      })
  void aSignatureThatIsNotOneIsRefused(String header) {
    String now = String.valueOf(clock.instant().getEpochSecond());
    String good = Signer.v1(NEW_SECRET, manifest(now));
    String value = header.replace("NOW", now).replace("GOOD", good);

    // Over a bare socket: a client sends no digits but its own alphabet's.
    RawAnswer answer = overTheWire("x-signature: " + value, "x-request-id: " + REQUEST_ID);

    ProblemAnswer.of(answer, 401, "signature");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63})
  void aSignatureOfTooFewDigitsIsRefused(int digits) {
    String now = String.valueOf(clock.instant().getEpochSecond());
    String cut = Signer.v1(NEW_SECRET, manifest(now)).substring(0, digits);

    bench.refused(with("ts=" + now + ",v1=" + cut), 401, "signature");
  }

  @Test
  void aSignatureInUpperCaseIsGood() {
    String now = String.valueOf(clock.instant().getEpochSecond());
    String upper = Signer.v1(NEW_SECRET, manifest(now)).toUpperCase(Locale.ROOT);

    assertThat(bench.stored(with("ts=" + now + ",v1=" + upper)).signature())
        .isEqualTo(SignatureState.VERIFIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ",", "ts=1,", "=", "v1"})
  void asLongASignatureAsTheHeadersMayHoldIsRefused(String piece) {
    bench.refused(with(piece.repeat(7000 / piece.length())), 401, "signature");
  }

  @Test
  void headersOverTheLimitAreTold() {
    ProblemAnswer.of(bench.post(with(",".repeat(10_000))), 431, "headers_too_large");
  }

  @Test
  void twoHeadersOfOneNameAreRefused() {
    String now = String.valueOf(clock.instant().getEpochSecond());
    String good = "x-signature: " + Signer.header(NEW_SECRET, now, manifest(now));
    String id = "x-request-id: " + REQUEST_ID;

    assertThat(overTheWire(good, id).status()).isEqualTo(200);
    ProblemAnswer.of(overTheWire(good, good, id), 401, "signature");
    ProblemAnswer.of(overTheWire(good, "x-signature: ts=1,v1=2", id), 401, "signature");
    ProblemAnswer.of(overTheWire(good, id, "x-request-id: Canary7"), 401, "signature");
  }

  @Test
  void aWrongSecretIsRefusedAndAnOldOneCounted() {
    String now = String.valueOf(clock.instant().getEpochSecond());
    long before = count("old-secret");

    bench.refused(with(Signer.header("a-wrong-secret", now, manifest(now))), 401, "signature");
    assertThat(count("old-secret")).isEqualTo(before);
    bench.stored(with(Signer.header(NEW_SECRET, now, manifest(now))));
    assertThat(count("old-secret")).isEqualTo(before);
    bench.stored(genuine());
    assertThat(count("old-secret")).isEqualTo(before + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-P5D", "PT10M", "PT0S"})
  void theTimeOfSigningIsNoReasonToRefuseInSecondsOrInMilliseconds(Duration fromNow) {
    Instant signedAt = clock.instant().plus(fromNow);
    for (String ts :
        new String[] {
          String.valueOf(signedAt.getEpochSecond()), String.valueOf(signedAt.toEpochMilli())
        }) {
      assertThat(bench.stored(with(Signer.header(NEW_SECRET, ts, manifest(ts)))).signature())
          .isEqualTo(SignatureState.VERIFIED);
    }
  }

  @Test
  void aRequestIdMayBeMissingButNotCarryAPieceOfTheManifest() {
    String now = String.valueOf(clock.instant().getEpochSecond());
    String id = "id:" + payment + ";";
    String withoutOne = Signer.header(NEW_SECRET, now, id + "ts:" + now + ";");

    bench.stored(with(withoutOne).withHeader("x-request-id", null));
    bench.refused(with(withoutOne), 401, "signature");
    for (String odd : new String[] {"a;ts:1", "r".repeat(4096), "a b"}) {
      String signature =
          Signer.header(NEW_SECRET, now, id + "request-id:" + odd + ";ts:" + now + ";");
      bench.refused(with(signature).withHeader("x-request-id", odd), 401, "signature");
    }
  }

  @Test
  void theSignedIdWinsOverASecondOneAndTheBodysIsAHintBesideIt() {
    Notification genuine = genuine();

    WebhookEvent byBody =
        bench.stored(genuine.withBody("{\"type\":\"payment\",\"data\":{\"id\":\"99900000001\"}}"));
    WebhookEvent bySecond =
        bench.stored(genuine.withQuery(genuine.query() + "&data.id=99900000002"));
    WebhookEvent byFirst =
        bench.stored(genuine.withQuery("data.id=99900000003&" + genuine.query()));

    assertThat(bench.ends(byBody, EventStatus.SUCCESS).resourceId()).isEqualTo(payment);
    assertThat(bench.ends(bySecond, EventStatus.SUCCESS).resourceId()).isEqualTo(payment);
    assertThat(bench.ends(byFirst, EventStatus.SUCCESS).resourceId()).isEqualTo(payment);
    assertThat(bench.sandbox().mercadoPago().requests())
        .filteredOn(request -> request.path().contains("9990000000"))
        .extracting(SandboxRequest::path)
        .containsExactly("/v1/payments/99900000001");
  }

  @Test
  void whatIsNewToUsIsKeptAndIgnoredOrTreatedAsWhatItIs() {
    WebhookEvent device =
        bench.stored(bench.notifications().webhook("point_integration_wh", "p1", "state_FINISHED"));
    WebhookEvent unheardOf =
        bench.stored(bench.notifications().webhook("brand_new_topic", "1", "x.y"));
    WebhookEvent action =
        bench.stored(bench.notifications().webhook("payment", payment, "payment.levitated"));
    Notification test = genuine();
    String body = new String(test.body(), StandardCharsets.UTF_8);
    WebhookEvent testMode =
        bench.stored(test.withBody(body.replace("\"live_mode\":true", "\"live_mode\":false")));

    bench.ends(device, EventStatus.IGNORED);
    bench.ends(unheardOf, EventStatus.IGNORED);
    bench.ends(action, EventStatus.SUCCESS);
    bench.ends(testMode, EventStatus.SUCCESS);
  }

  private long count(String what) {
    return bench
        .metrics()
        .counter("dev.acuse.mercadopago.MercadoPagoSource.signature." + what)
        .getCount();
  }

  private String manifest(String ts) {
    return "id:" + payment + ";request-id:" + REQUEST_ID + ";ts:" + ts + ";";
  }

  private Notification genuine() {
    return bench.notifications().paymentUpdated(payment);
  }

  private Notification with(String signature) {
    return genuine().withHeader("x-request-id", REQUEST_ID).withHeader("x-signature", signature);
  }

  private RawAnswer overTheWire(String... headers) {
    Notification genuine = genuine();
    var head = new ArrayList<String>();
    head.add("POST /webhooks/mp?" + genuine.query() + " HTTP/1.1");
    head.add("Host: localhost");
    head.add("Connection: close");
    head.add("Content-Length: " + genuine.body().length);
    head.addAll(List.of(headers));
    return RawAnswer.to(bench.port(), genuine.body(), head.toArray(String[]::new));
  }
}

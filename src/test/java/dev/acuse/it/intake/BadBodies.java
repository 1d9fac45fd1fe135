package dev.acuse.it.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Webhooks with bodies and headers that nobody should send, where a secret is configured; each
 * engine has a class of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BadBodies {
  private static final int LIMIT = 1024 * 1024;
  private static final int UNVERIFIED_LIMIT = 16 * 1024;

  private final Bench bench;
  private final String payment;

  BadBodies(Engine engine) {
    bench = new Bench(engine, Map.of());
    payment = bench.sell();
  }

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  /** What is no JSON, or hardly any, by what is wrong with it. */
  private static Map<String, byte[]> bodies() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("empty", "");
    texts.put("malformed", "{Canary7");
    texts.put("cut", "{\"action\":\"Canary7\",\"data\":");
    texts.put("trailing garbage", "{\"action\":\"x\"} Canary7");
    texts.put("repeated keys", "{\"data\":{\"id\":\"1\"},\"data\":{\"id\":\"2\",\"id\":\"3\"}}");
    texts.put("deep", "{\"a\":".repeat(1001) + "1" + "}".repeat(1001));
    texts.put("deeper", "[".repeat(100_000));
    texts.put("long number", "{\"id\":" + "9".repeat(1001) + "}");
    texts.put("huge number", "{\"id\":1e999999999}");
    texts.put("long key", "{\"" + "k".repeat(60_000) + "\":1}");
    texts.put("NUL", "{\"action\":\"a\\u0000b\",\"type\":\"\\u0000\"}");
    texts.put("raw NUL", "{\"action\":\"a\u0000b\"}");
    texts.put("lone surrogate", "{\"action\":\"a\\ud800b\"}");
    texts.put("byte order mark", "\uFEFF{\"action\":\"x\"}");
    Map<String, byte[]> bodies = new LinkedHashMap<>();
    texts.forEach((name, text) -> bodies.put(name, text.getBytes(UTF_8)));
    bodies.put("UTF-16", "{\"action\":\"é\"}".getBytes(UTF_16));
    bodies.put("invalid UTF-8", "{\"action\":\"é\"}".getBytes(ISO_8859_1));
    bodies.put("as large as may be", "x".repeat(LIMIT).getBytes(UTF_8));
    return bodies;
  }

  @Test
  void aSignedWebhookIsStoredToTheByteAndProcessedWhateverItsBody() {
    Map<String, WebhookEvent> stored = new LinkedHashMap<>();
    bodies().forEach((name, body) -> stored.put(name, bench.stored(signed().withBody(body))));

    stored.forEach((name, event) -> bench.ends(event, EventStatus.SUCCESS));
    assertThat(stored.get("NUL").action()).isEqualTo("ab");
    assertThat(stored.get("lone surrogate").action()).isEqualTo("a\ufffdb");
    assertThat(stored.values())
        .allSatisfy(
            event -> {
              assertThat(event.resourceId()).isEqualTo(payment);
              assertThat(event.signature()).isEqualTo(SignatureState.VERIFIED);
            });
    assertThat(bench.acuse().items("/api/webhook-events?limit=500&status=success"))
        .extracting(event -> event.path("id").asLong())
        .containsAll(stored.values().stream().map(WebhookEvent::id).toList());
    stored.values().forEach(this::canBeRead);
  }

  /** By every way to an event, and with what it brought as the search. */
  private void canBeRead(WebhookEvent event) {
    String path = "/api/webhook-events/" + event.id();
    HttpResponse<String> detail = bench.acuse().get(path);
    assertThat(detail.statusCode()).as(detail.body()).isEqualTo(200);
    assertThat(RunningAcuse.json(detail).path("attempts_history")).isNotEmpty();
    assertThat(bench.acuse().get(path + "/payload").statusCode()).isEqualTo(200);
    assertThat(bench.acuse().items("/api/webhook-events?q=" + event.webhookId())).hasSize(1);
    for (String odd : List.of("%00", "a%00b", "%ED%A0%80")) {
      HttpResponse<String> search = bench.acuse().get("/api/webhook-events?q=" + odd);
      assertThat(search.statusCode()).as(odd).isIn(200, 400);
    }
  }

  @Test
  void anUnsignedWebhookIsNotAuthenticatedWhateverItsBodyAndKeptToTheByte() {
    Map<String, byte[]> small = bodies();
    small.values().removeIf(body -> body.length > UNVERIFIED_LIMIT);
    small.forEach(
        (name, body) -> {
          var event =
              bench.refused(
                  signed().withBody(body).withHeader("x-signature", null), 401, "signature");
          assertThat(event.path("signature").asText()).as(name).isEqualTo("bad");
        });

    assertThat(bench.acuse().items("/api/webhook-events?limit=500&status=quarantined"))
        .hasSizeGreaterThanOrEqualTo(small.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"x\"", "1", "[{\"data\":{\"id\":\"1\"}}]"})
  void aSignedBodyThatIsNoObjectIsKeptAndIgnored(String body) {
    WebhookEvent event = bench.stored(signed().withBody(body));

    assertThat(event.status()).isEqualTo(EventStatus.IGNORED);
    assertThat(event.lastError()).isEqualTo("the body is not an object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "content-type: text/plain",
        "content-type: application/x-www-form-urlencoded",
        "content-type: multipart/form-data",
        "content-type: @@@@",
        "content-type: application/json; charset=nope",
        "content-type:",
        "accept: application/xml",
        "accept: @@@",
        "accept: text/html;q=x",
        "accept:",
        "content-encoding: gzip",
      })
  void headersThatNobodyReadsAreNoReasonToLoseAWebhook(String header) {
    int colon = header.indexOf(':');
    String value = header.substring(colon + 1).strip();

    Notification odd =
        signed().withHeader(header.substring(0, colon), value.isEmpty() ? null : value);

    assertThat(bench.stored(odd).resourceId()).isEqualTo(payment);
  }

  @Test
  void aBodyOverTheLimitIsRefusedByItsLengthAndItsConnectionClosed() {
    long before = bench.count();

    RawAnswer answer = overTheLimit(new byte[LIMIT + 1], "Content-Length: " + 2 * LIMIT);

    ProblemAnswer.of(answer, 413, "payload_too_large");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(bench.count()).isEqualTo(before);
  }

  @Test
  void aBodyOverTheLimitIsRefusedInChunksToo() {
    long before = bench.count();
    var chunks = new ByteArrayOutputStream();
    chunks.writeBytes((Integer.toHexString(LIMIT + 1) + "\r\n").getBytes(ISO_8859_1));
    chunks.writeBytes(new byte[LIMIT + 1]);

    RawAnswer answer = overTheLimit(chunks.toByteArray(), "Transfer-Encoding: chunked");

    ProblemAnswer.of(answer, 413, "payload_too_large");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(bench.count()).isEqualTo(before);
  }

  private RawAnswer overTheLimit(byte[] body, String length) {
    Notification signed = signed();
    return RawAnswer.to(
        bench.port(),
        body,
        "POST /webhooks/mp?" + signed.query() + " HTTP/1.1",
        "Host: localhost",
        "x-signature: " + signed.header("x-signature"),
        "x-request-id: " + signed.header("x-request-id"),
        length);
  }

  private Notification signed() {
    return bench.notifications().paymentUpdated(payment);
  }
}

package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.event.EventStatus;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.intake.WebhookResource;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.Topic.Care;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.RunningAcuse;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Notifications of every topic by real HTTP; each engine has a class of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Topics {
  private static final String APPLICATION = "7910000000000009";
  private static final int INVENTED = 300;

  /** The steps that ask MercadoPago for what an event names. */
  private static final Set<String> CALLS = Set.of("look-up", "case");

  private final Bench bench;

  Topics(Engine engine) {
    bench = new Bench(engine, Map.of());
  }

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  static Stream<TopicShape> shapes() {
    return TopicShape.all();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isStoredAsWhatItIsWithItsIdAsAText(TopicShape shape) {
    for (String ts : List.of(seconds(), seconds() + "123")) {
      WebhookEvent event = bench.stored(notification(shape, ts));

      assertThat(event.eventType()).isEqualTo(shape.type());
      assertThat(event.resourceId()).isEqualTo(shape.resourceId());
      assertThat(event.signature()).isEqualTo(shape.state());
      assertThat(event.status()).isNotEqualTo(EventStatus.QUARANTINED);
    }
  }

  /** Money is looked up, whatever comes of it; the rest says why nothing was done. */
  @ParameterizedTest
  @MethodSource("shapes")
  void isLookedUpOrSaysWhyNot(TopicShape shape) {
    WebhookEvent event = bench.stored(notification(shape));
    Care care = Topic.of(shape.type()).map(Topic::care).orElse(Care.NOT_YET);

    if (care == Care.WORKED_OFF) {
      await().until(() -> !steps(event).isEmpty());
      assertThat(steps(event)).anyMatch(step -> CALLS.contains(step.split(":", 2)[0]));
      return;
    }
    WebhookEvent ended = bench.ends(event, EventStatus.IGNORED);
    assertThat(ended.lastErrorKind()).isEqualTo(care == Care.NONE ? null : "unhandled_topic");
    assertThat(ended.lastError()).contains(shape.type());
  }

  @Test
  void ofTwoPaymentsThatQueryAndBodyNameBothAreLookedUpByOneEvent() {
    String signed = bench.sell();
    String inBody = bench.sell();
    WebhookEvent event =
        bench.ends(bench.stored(payment(signed, "payment", inBody)), EventStatus.SUCCESS);

    assertThat(event.resourceId()).isEqualTo(signed);
    assertThat(event.mpPaymentId()).as("what it is about").isEqualTo(signed);
    assertThat(statusOf(signed)).isEqualTo("approved");
    assertThat(statusOf(inBody)).isEqualTo("approved");
    assertThat(steps(event))
        .contains(
            "look-up: payment " + signed + " is approved",
            "also named: payment " + inBody,
            "look-up: payment " + inBody + " is approved");

    // An operator's retry does both once more.
    long before = lookUps(inBody);
    assertThat(
            bench.acuse().post("/api/webhook-events/" + event.id() + "/retry", "{}").statusCode())
        .isLessThan(300);
    bench.ends(event, EventStatus.SUCCESS);
    assertThat(lookUps(inBody)).isEqualTo(before + 1);
  }

  @Test
  void ofTwoTopicsBothAreLookedUp() {
    String paid = bench.sell();
    WebhookEvent event = bench.stored(payment("41799999999", "topic_merchant_order_wh", paid));

    // MercadoPago does not know the order, and may come to know it.
    await().until(() -> statusOf(paid).equals("approved"));
    assertThat(event.eventType()).isEqualTo("topic_merchant_order_wh");
  }

  @Test
  void anInventedTopicIsKeptForAHandlerThoughThePaymentInItsBodyIsLookedUp() {
    String paid = bench.sell();

    WebhookEvent event =
        bench.ends(bench.stored(payment("9", "brand_new_topic", paid)), EventStatus.IGNORED);

    assertThat(event.lastErrorKind()).isEqualTo("unhandled_topic");
    assertThat(statusOf(paid)).isEqualTo("approved");
  }

  @Test
  void simulatedIdOfAQueryDoesNotSwallowAnInventedTopicWhoseBodyNamesAnother() {
    TopicShape other =
        TopicShape.signed(
            "brand_new_topic", "123456", "{\"type\":\"brand_new_topic\",\"data\":{\"id\":77}}");

    WebhookEvent event = bench.ends(bench.stored(notification(other)), EventStatus.IGNORED);

    assertThat(event.lastErrorKind()).isEqualTo("unhandled_topic");
  }

  @Test
  void whatMercadoPagoDoesNotKnowOfABodyEndsQuietly() {
    String signed = bench.sell();
    String unknown = "99900000077";

    WebhookEvent event =
        bench.ends(bench.stored(payment(signed, "payment", unknown)), EventStatus.SUCCESS);

    assertThat(event.attempts()).isEqualTo(1);
    assertThat(lookUps(unknown)).isEqualTo(1);
    assertThat(statusOf(signed)).isEqualTo("approved");
  }

  /** MercadoPago's page Optional notifications: the id that is signed is not the payment. */
  @Test
  void aFraudAlertIsLookedUpByItsPaymentAndNotTakenForSimulated() {
    String paid = bench.sell();
    String body =
        "{\"id\":123456,\"type\":\"stop_delivery_op_wh\",\"data\":{\"payment_id\":%s}}"
            .formatted(paid);
    TopicShape alert =
        new TopicShape(
            "data.id=123456&type=stop_delivery_op_wh",
            body,
            "123456",
            "stop_delivery_op_wh",
            paid,
            SignatureState.UNVERIFIABLE);
    long before = lookUps("123456");

    WebhookEvent event = bench.ends(bench.stored(notification(alert)), EventStatus.SUCCESS);

    assertThat(event.resourceId()).isEqualTo(paid);
    assertThat(statusOf(paid)).isEqualTo("approved");
    assertThat(lookUps("123456")).as("the query's id too").isEqualTo(before + 1);
    assertThat(steps(event)).contains("also named: stop_delivery_op_wh 123456");
  }

  @Test
  void simulatedIdOfAQueryDoesNotHideThePaymentOfTheBody() {
    String paid = bench.sell();

    bench.ends(bench.stored(payment("123456", "payment", paid)), EventStatus.SUCCESS);

    assertThat(statusOf(paid)).isEqualTo("approved");
  }

  @Test
  void aRefusalNamesTheApplicationThatTheBodyNames() {
    String payment = bench.sell();
    String body =
        "{\"application_id\":\"%s\",\"type\":\"payment\",\"data\":{\"id\":\"%s\"}}"
            .formatted(APPLICATION, payment);
    Notification forged =
        TopicShape.signed("payment", payment, body)
            .notification("another application's secret", seconds());
    String reason = "signature: mismatch; the body names application " + APPLICATION;

    JsonNode event;
    try (var log = new LoggedLines(WebhookResource.class)) {
      event = bench.refused(forged, 401, "signature");
      assertThat(log.lines()).anyMatch(line -> line.contains("reason=\"" + reason + "\""));
    }

    assertThat(event.path("last_error").asText()).isEqualTo(reason);
    HttpResponse<String> page = bench.acuse().get("/console/events/" + event.path("id").asLong());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("id=\"application\"").contains(reason);
  }

  @Test
  void inventedTopicsThatNothingProvesAreOne() {
    Set<String> metrics = new TreeSet<>(bench.metrics().getNames());
    long before = bench.count();
    for (int i = 0; i < INVENTED; i++) {
      String topic = "invented_" + i;
      bench.post(unsigned("topic=" + topic + "&id=" + i, ""));
      bench.post(
          unsigned(
              "data.id=" + i + "&type=" + topic,
              "{\"type\":\"%s\",\"data\":{\"id\":%d}}".formatted(topic, i)));
    }

    assertThat(bench.count()).isGreaterThan(before);
    assertThat(bench.acuse().items("/api/webhook-events?limit=500"))
        .filteredOn(event -> !event.path("signature").asText().equals("verified"))
        .extracting(event -> event.path("event_type").asText())
        .contains("unknown")
        .noneMatch(type -> type.startsWith("invented"));
    Set<String> more = new TreeSet<>(bench.metrics().getNames());
    more.removeAll(metrics);
    assertThat(more).noneMatch(name -> name.contains("invented"));
    assertThat(more).hasSizeLessThan(10);
  }

  private static Notification unsigned(String query, String body) {
    return new TopicShape(query, body, null, "", "", SignatureState.BAD).notification("", "");
  }

  private Notification payment(String signed, String type, String inBody) {
    return notification(
        TopicShape.signed(
            type,
            signed,
            "{\"type\":\"payment\",\"action\":\"payment.updated\",\"data\":{\"id\":\"%s\"}}"
                .formatted(inBody)));
  }

  private static Notification notification(TopicShape shape) {
    return notification(shape, seconds());
  }

  private static Notification notification(TopicShape shape, String ts) {
    return shape.notification(Bench.sandboxSecret(), ts);
  }

  private static String seconds() {
    return String.valueOf(Instant.now().getEpochSecond());
  }

  private long lookUps(String payment) {
    return bench.sandbox().mercadoPago().requests().stream()
        .filter(request -> request.path().equals("/v1/payments/" + payment))
        .count();
  }

  private String statusOf(String mpPaymentId) {
    return bench
        .acuse()
        .items("/api/payments?payment_id=" + mpPaymentId)
        .path(0)
        .path("status")
        .asText();
  }

  private List<String> steps(WebhookEvent event) {
    List<String> steps = new ArrayList<>();
    JsonNode history =
        RunningAcuse.json(bench.acuse().get("/api/webhook-events/" + event.id()))
            .path("attempts_history");
    history.forEach(
        attempt ->
            attempt
                .path("steps")
                .forEach(
                    step ->
                        steps.add(
                            step.path("name").asText() + ": " + step.path("detail").asText())));
    return steps;
  }
}

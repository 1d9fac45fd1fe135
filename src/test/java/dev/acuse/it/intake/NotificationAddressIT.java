package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.Wire;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks to addresses as merchants register them, with parameters of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotificationAddressIT {
  private final Bench bench =
      new Bench(Engine.H2, Map.of("mercadoPago.webhookSecrets", Bench.sandboxSecret()));
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
  @ValueSource(
      strings = {
        "cliente=Descuento+50%&SENT",
        "cliente=50%&SENT",
        "a%zzb&SENT",
        "%=%&SENT",
        "a=%4&SENT",
        "a=%&SENT",
        "a=%00&SENT",
        "a=%u00e9&SENT",
        "a=%ff%fe&SENT",
        "a=\u00f1&SENT",
        "a=\u00c3\u00b1&SENT",
        "a=\u00ff\u00fe\u0080&SENT",
        "a=b+c&SENT",
        "a={b}&[c]=d|e^f`g\"h<i>&SENT",
        "a=b\\c&SENT",
        "a=b?c=d/../e//f&SENT",
        "a=http://other.example/x?y=z&SENT",
        "=x&&=&&SENT&",
        "a;b=c;d&SENT",
        "a=b;SENT&SENT",
        "type=tienda&SENT",
        "topic=ventas&SENT",
        "id=tienda7&SENT",
        "data.id=tienda-7&SENT",
        "SENT&data.id=7&type=web",
        "source_news=webhooks&SENT",
      })
  void signedOneIsTakenWhateverElseIsInTheQuery(String query) {
    WebhookEvent event = taken(query.replace("SENT", genuine().query()));

    assertThat(event.resourceId()).isEqualTo(payment);
    assertThat(bench.ends(event, EventStatus.SUCCESS).eventType()).isEqualTo("payment");
  }

  @Test
  void signedOneIsTakenHoweverMuchElseIsInTheQuery() {
    assertThat(taken("a=1&".repeat(1_000) + genuine().query()).resourceId()).isEqualTo(payment);
    assertThat(taken(genuine().query() + "&a=" + "%41".repeat(2_000)).resourceId())
        .isEqualTo(payment);
  }

  @Test
  void slashAtTheEndOfTheAddressIsNoOtherAddress() {
    Notification genuine = genuine();

    RawAnswer answer =
        RawAnswer.to(
            bench.port(),
            genuine.body(),
            Wire.head(
                "/webhooks/mp/",
                genuine,
                "Content-Type: text/odd",
                "Content-Length: " + genuine.body().length,
                "Connection: close"));

    assertThat(event(answer).resourceId()).isEqualTo(payment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.mercadolibre.com/collections/notifications/ID?access_token=CANARY",
        "https://api.mercadopago.com:443/v1/payments/ID/?a=b#CANARY",
        "http://u:CANARY@api.mercadopago.com/v1/payments/ID#access_token=CANARY",
      })
  void hintIsAboutTheIdOfItsPathAndNothingKeepsItsToken(String resource) {
    String body =
        "{\"resource\":\"" + resource.replace("ID", payment) + "\",\"topic\":\"payment\"}";
    Notification hint =
        bench.notifications().ipnPayment(payment).withQuery("x=1&secret=CANARY").withBody(body);

    WebhookEvent event = event(answer(hint, hint.query()));

    assertThat(event.resourceId()).isEqualTo(payment);
    bench.ends(event, EventStatus.SUCCESS);
    String shown =
        bench.acuse().get("/api/webhook-events/" + event.id()).body()
            + bench.acuse().get("/api/webhook-events/" + event.id() + "/payload").body();
    assertThat(shown).contains(payment).doesNotContain("CANARY");
  }

  private WebhookEvent taken(String query) {
    return event(answer(genuine(), query));
  }

  private RawAnswer answer(Notification notification, String query) {
    return RawAnswer.to(
        bench.port(),
        notification.body(),
        Wire.head(
            notification.withQuery(query),
            "Content-Length: " + notification.body().length,
            "Connection: close"));
  }

  private WebhookEvent event(RawAnswer answer) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
    JsonNode body = RunningAcuse.json(answer.body());
    return bench.latestOf(body.path("webhook_id").asText());
  }

  private Notification genuine() {
    return bench.notifications().paymentUpdated(payment);
  }
}

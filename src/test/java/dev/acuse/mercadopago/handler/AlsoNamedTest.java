package dev.acuse.mercadopago.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispatch.Outcome.Kind;
import dev.acuse.dispatch.RemoteFailures;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlsoNamedTest {
  private static final String PLAIN = "mp:payment:1:0123456789abcdef";
  private static final String MARKED = PLAIN + ":also";
  private static final String NAMES_2 = "{\"type\":\"order\",\"data\":{\"id\":\"ORD2\"}}";

  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final List<WebhookEvent> worked = new ArrayList<>();
  private final AttemptLog attempt = new AttemptLog(InstantSource.system());
  private int read;

  @Test
  void bothAreWorkedOffAndWhatTheBodyNamesIsAHint() {
    Outcome outcome = handle(event(MARKED, EventOrigin.WEBHOOK, null), NAMES_2);

    assertThat(outcome.kind()).isEqualTo(Kind.DONE);
    assertThat(worked)
        .extracting(one -> one.eventType() + " " + one.resourceId() + " " + one.signature().code())
        .containsExactly("payment 1 verified", "order ORD2 unverifiable");
    assertThat(worked.get(1).id()).isEqualTo(worked.get(0).id());
    assertThat(worked.get(1).accountId()).isEqualTo(worked.get(0).accountId());
    assertThat(worked.get(1).paymentId()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, "mp:topic_chargebacks_wh:217000060000000001:00000000000000ff"})
  void whatWasReceivedIsNotReadOfADeliveryThatNamesNothingElse(String key) {
    handle(event(key, EventOrigin.WEBHOOK, null), NAMES_2);

    assertThat(read).isZero();
    assertThat(worked).hasSize(1);
  }

  @Test
  void itIsReadOfWhatWasRetriedBecauseThatMayBeOlderThanTheMark() {
    handle(event(PLAIN, EventOrigin.WEBHOOK, Instant.EPOCH), NAMES_2);

    assertThat(worked).hasSize(2);
  }

  @Test
  void itIsReadOfWhatHasLeftQuarantine() {
    handle(event("quarantine:0b5c-11", EventOrigin.WEBHOOK, null), NAMES_2);

    assertThat(worked).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"type\":\"payment\",\"data\":{\"id\":\"1\"}}", "[", "null"})
  void oneThatIsMarkedAndNamesNothingElseIsWorkedOffOnce(String body) {
    assertThat(handle(event(MARKED, EventOrigin.WEBHOOK, null), body).kind()).isEqualTo(Kind.DONE);

    assertThat(worked).hasSize(1);
  }

  @Test
  void aLookUpOfOurOwnNamesNothingElse() {
    handle(event("acuse:payment:1:asked:7", EventOrigin.MANUAL, null), NAMES_2);

    assertThat(read).isZero();
  }

  @Test
  void whicheverIsWorthAnotherTryIsTriedAgainWithTheOther() {
    Outcome retry = Outcome.retry("error", "no", null);
    Outcome outage = Outcome.outage("mercadopago", "timeout", "out", null, null);
    Outcome snooze = Outcome.snooze("later", Duration.ofSeconds(5));
    Outcome fail = Outcome.fail("rejected", "hopeless", 400);

    for (Outcome one : List.of(retry, outage, snooze, fail)) {
      assertThat(both(one, Outcome.done())).isEqualTo(one);
      assertThat(both(Outcome.done(), one)).isEqualTo(one);
      assertThat(both(Outcome.unhandled("order"), one)).isEqualTo(one);
    }
    assertThat(both(retry, outage)).isEqualTo(outage);
  }

  @Test
  void whatWasDoneCountsMoreThanWhatThereWasNothingToDoAbout() {
    assertThat(both(Simulation.ignored(), Outcome.done())).isEqualTo(Outcome.done());
    assertThat(both(Outcome.done(), Outcome.nothingToDo("nothing"))).isEqualTo(Outcome.done());
    assertThat(both(Simulation.ignored(), Outcome.nothingToDo("x")))
        .isEqualTo(Simulation.ignored());
  }

  @Test
  void aWantOfAHandlerIsToldOfTheEventsOwnTopicAndOfNoneThatNothingProves() {
    Outcome unhandled = Outcome.unhandled("brand_new");

    assertThat(both(unhandled, Outcome.done())).isEqualTo(unhandled);
    assertThat(both(Outcome.done(), unhandled)).isEqualTo(Outcome.done());
    assertThat(both(Outcome.nothingToDo("x"), unhandled).isUnhandled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {RemoteFailures.NOT_FOUND, RemoteFailures.FORBIDDEN, RemoteFailures.REJECTED})
  void aHintThatMercadoPagoDoesNotKnowEndsQuietlyAndTheEventsOwnDoesNot(String kind) {
    Outcome unknown = Outcome.retry(kind, "there is none", 404);

    assertThat(both(Outcome.done(), unknown)).isEqualTo(Outcome.done());
    assertThat(both(unknown, Outcome.done())).isEqualTo(unknown);
    assertThat(both(Outcome.nothingToDo("x"), unknown).kind()).isEqualTo(Kind.IGNORED);
  }

  private Outcome both(Outcome first, Outcome second) {
    outcomes.clear();
    outcomes.put("payment", first);
    outcomes.put("order", second);
    return handle(event(MARKED, EventOrigin.WEBHOOK, null), NAMES_2);
  }

  private Outcome handle(WebhookEvent event, String body) {
    var request =
        new ReceivedRequest(
            body.getBytes(StandardCharsets.UTF_8), "data.id=1&type=payment", Map.of());
    return new AlsoNamed(
            (one, log) -> {
              worked.add(one);
              return outcomes.getOrDefault(one.eventType(), Outcome.done());
            },
            (account, id) -> {
              read++;
              return account == event.accountId() && id == event.id()
                  ? Optional.of(request)
                  : Optional.empty();
            })
        .handle(event, attempt);
  }

  private static WebhookEvent event(
      String webhookId, EventOrigin origin, @Nullable Instant retriedAt) {
    Instant now = Instant.parse("2026-03-02T12:00:00Z");
    return new WebhookEvent(
        41,
        new WebhookEvent.Subject(
            webhookId, "mp", "payment", null, "1", "1", null, 7L, Place.mercadoPago(3)),
        new WebhookEvent.Receipt(origin, SignatureState.VERIFIED, now, 1, now, null),
        new WebhookEvent.Progress(
            EventStatus.PROCESSING, 1, 4, 0, null, null, null, null, now, null, retriedAt),
        new WebhookEvent.Claim(1, 0, now, "me", now));
  }
}

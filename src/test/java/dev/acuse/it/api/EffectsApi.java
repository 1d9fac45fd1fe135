package dev.acuse.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Desks;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ProblemAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Effects over the API; each engine has a class of its own. Nothing is claimed meanwhile. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EffectsApi {
  private static final String EFFECTS = "/api/effects";

  private final Instant now = InstantSource.system().instant();
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final EventReader events;
  private final EffectFixture fixture;

  EffectsApi(Engine engine) {
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, Map.of());
    events = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
    fixture = new EffectFixture(database.jdbi(), now);
    Desks.of(database.jdbi(), InstantSource.system(), 4).pause("the test");
  }

  @BeforeEach
  void empty() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              for (String table :
                  List.of(
                      "webhook_attempts",
                      "webhook_events",
                      "effect_reasons",
                      "effects",
                      "payments",
                      "checkouts",
                      "operator_actions")) {
                handle.execute("DELETE FROM " + table);
              }
            });
  }

  @AfterAll
  void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void anEffectIsShownWithWhatWantsItAndItsEvent() {
    long checkout = fixture.checkout("order-1");
    long id = fixture.tag("contact", "cliente", EffectState.FAILED, Subject.checkout(checkout));
    long event = fixture.event(id, EventStatus.FAILED);

    JsonNode effect = json(EFFECTS + "/" + id);

    assertThat(effect.path("kind").asText()).isEqualTo("tag");
    assertThat(effect.path("target").asText()).isEqualTo("contact");
    assertThat(effect.path("name").asText()).isEqualTo("cliente");
    assertThat(effect.path("wanted").asText()).isEqualTo("present");
    assertThat(effect.path("state").asText()).isEqualTo("failed");
    assertThat(effect.path("rule").asText()).isEqualTo("approved");
    assertThat(effect.path("version").asInt()).isZero();
    assertThat(effect.path("account").asText()).isEqualTo("main");
    assertThat(effect.path("error").asText()).contains("422");
    assertThat(effect.path("reasons").path(0).path("subject").asText())
        .isEqualTo("checkout:" + checkout);
    JsonNode its = json("/api/webhook-events/" + effect.path("event_id").asLong());
    assertThat(its.path("id").asLong()).isEqualTo(event);
    assertThat(its.path("origin").asText()).isEqualTo("effect");
    assertThat(its.path("effects").path(0).path("id").asLong()).isEqualTo(id);
    ProblemAnswer.of(acuse.get(EFFECTS + "/" + (id + 1)), 404, "not_found");
    ProblemAnswer.of(acuse.get(EFFECTS + "/x"), 400, "invalid_parameter");
  }

  @Test
  void theListIsNarrowedAndPagedAsOthersAre() {
    long checkout = fixture.checkout("order-1");
    fixture.payment("900", checkout);
    long single = fixture.payment("901", null);
    long first = fixture.tag("a", "x", EffectState.DONE, Subject.checkout(checkout));
    long second = fixture.tag("b", "x", EffectState.FAILED, Subject.payment(single));
    long third = fixture.row("find_contact", "payment:" + single, "", "present", "waiting");
    fixture.reason(third, Subject.payment(single), "approved");

    assertThat(listed("")).containsExactly(third, second, first);
    assertThat(listed("?payment_id=900")).as("by its checkout").containsExactly(first);
    assertThat(listed("?payment_id=901")).containsExactly(third, second);
    assertThat(listed("?payment_id=902")).isEmpty();
    assertThat(listed("?checkout_id=" + checkout)).containsExactly(first);
    assertThat(listed("?payment_id=900&checkout_id=" + checkout)).containsExactly(first);
    assertThat(listed("?payment_id=901&checkout_id=" + checkout)).isEmpty();
    assertThat(listed("?kind=find_contact")).containsExactly(third);
    assertThat(listed("?state=failed&kind=tag&account=main")).containsExactly(second);
    assertThat(listed("?unknown=1")).as("a list ignores what it does not know").hasSize(3);

    JsonNode page = json(EFFECTS + "?limit=2&kind=tag");
    assertThat(page.path("next").isNull()).isTrue();
    page = json(EFFECTS + "?limit=2");
    String cursor = page.path("next").asText();
    assertThat(listed("?limit=2&cursor=" + cursor)).containsExactly(first);
    ProblemAnswer.of(acuse.get(EFFECTS + "?kind=tag&cursor=" + cursor), 400, "invalid_cursor");
    ProblemAnswer.of(acuse.get("/api/payments?cursor=" + cursor), 400, "invalid_cursor");
  }

  @ParameterizedTest
  @CsvSource({
    "kind=Canary7, kind",
    "kind=unknown, kind",
    "state=Canary7, state",
    "state=FAILED, state",
    "state=unknown, state",
    "account=Canary7, account",
    "checkout_id=0, checkout_id",
    "checkout_id=Canary7, checkout_id",
    "payment_id=a%00b, payment_id",
    "limit=501, limit",
    "state=done&state=failed, state",
  })
  void badParameterIsNamed(String query, String name) {
    JsonNode problem = ProblemAnswer.of(acuse.get(EFFECTS + "?" + query), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains("'" + name + "'");
  }

  @Test
  void aPaymentAndItsEventsTellWhatFollowed() {
    long checkout = fixture.checkout("order-1");
    long payment = fixture.payment("900", checkout);
    long done = fixture.tag("contact", "x", EffectState.DONE, Subject.checkout(checkout));
    long failed = fixture.tag("contact", "y", EffectState.FAILED, Subject.payment(payment));
    fixture.reason(done, Subject.payment(payment + 100), "refunded");
    long own = fixture.event(failed, EventStatus.FAILED);
    Events.insert(database.jdbi(), 1, EventStatus.SUCCESS, now);
    long webhook = events.page(Scope.everything(), EventFilter.ALL, null, 1).get(0).id();
    fixture.link(webhook, payment);
    fixture.payment("901", null);

    JsonNode detail = json("/api/payments/" + payment);
    assertThat(detail.path("tags").isArray()).isTrue();
    for (JsonNode effects :
        List.of(detail.path("effects"), json("/api/webhook-events/" + webhook).path("effects"))) {
      assertThat(effects).extracting(one -> one.path("id").asLong()).containsExactly(failed, done);
      assertThat(effects.path(0).path("event_id").asLong()).isEqualTo(own);
      assertThat(effects.path(0).has("error")).as("the effect itself tells more").isFalse();
      assertThat(effects.path(1).path("rule").asText()).as("its own").isEqualTo("approved");
    }

    String both = "{\"waiting\":0,\"done\":1,\"failed\":1}";
    String none = "{\"waiting\":0,\"done\":0,\"failed\":0}";
    JsonNode payments = json("/api/payments").path("items");
    assertThat(payments.path(0).path("effects")).hasToString(none);
    assertThat(payments.path(1).path("effects")).hasToString(both);
    JsonNode inbox = json("/api/webhook-events").path("items");
    assertThat(inbox).as("without the effect's own").hasSize(1);
    assertThat(inbox.path(0).path("effects")).hasToString(both);
    JsonNode asked = json("/api/webhook-events?status=failed").path("items");
    assertThat(asked).hasSize(1);
    assertThat(asked.path(0).path("effects"))
        .hasToString("{\"waiting\":0,\"done\":0,\"failed\":1}");
    assertThat(json("/api/webhook-events?origin=effect").path("items")).hasSize(1);
    assertThat(json("/api/webhook-events?q=effect:" + failed).path("items")).hasSize(1);

    JsonNode stats = json("/api/stats");
    assertThat(stats.path("events").path("failed").asInt()).isEqualTo(1);
    assertThat(stats.path("events_by_origin").path("effect").path("failed").asInt()).isEqualTo(1);
    assertThat(stats.path("events_by_origin").path("other").path("failed").asInt()).isZero();
    assertThat(stats.path("events_by_origin").path("other").path("success").asInt()).isEqualTo(1);
  }

  @Test
  void aFailedEffectIsRetriedOnceAndWrittenDown() {
    long id = fixture.tag("contact", "x", EffectState.FAILED, Subject.payment(7));
    long event = fixture.event(id, EventStatus.FAILED);

    HttpResponse<String> answer = acuse.post(EFFECTS + "/" + id + "/retry", "");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(RunningAcuse.json(answer).path("state").asText()).isEqualTo("waiting");
    assertThat(RunningAcuse.json(answer).path("error").isNull()).isTrue();
    assertThat(RunningAcuse.json(answer).path("generation").asInt()).isEqualTo(1);
    assertThat(events.find(Scope.everything(), event).orElseThrow().status())
        .isEqualTo(EventStatus.PENDING);
    assertThat(audit())
        .extracting(OperatorAction::action, OperatorAction::eventId)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("retry", event));
    JsonNode problem =
        ProblemAnswer.of(acuse.post(EFFECTS + "/" + id + "/retry", ""), 409, "not_retryable");
    assertThat(problem.path("detail").asText()).contains("waiting");
    assertThat(audit()).hasSize(1);
  }

  @Test
  void whatIsNotWantedOrNotThereIsNotRetried() {
    long left = fixture.row("tag", "contact", "x", "leave", "done");

    JsonNode problem =
        ProblemAnswer.of(acuse.post(EFFECTS + "/" + left + "/retry", ""), 409, "not_retryable");

    assertThat(problem.path("detail").asText()).contains("wants");
    long strange = fixture.row("tag", "contact", "y", "dimmed", "projected");
    ProblemAnswer.of(acuse.post(EFFECTS + "/" + strange + "/retry", ""), 409, "not_retryable");
    ProblemAnswer.of(acuse.post(EFFECTS + "/99999999/retry", ""), 404, "not_found");
    ProblemAnswer.of(acuse.post(EFFECTS + "/x/retry", ""), 400, "invalid_parameter");
    assertThat(audit()).isEmpty();
  }

  @Test
  void manyAreRetriedByFilterAfterADryRun() {
    for (int i = 0; i < 3; i++) {
      long id = fixture.tag("contact", "x" + i, EffectState.FAILED, Subject.payment(7));
      fixture.event(id, EventStatus.FAILED);
    }
    fixture.row("tag", "contact", "left", "leave", "failed");
    fixture.tag("contact", "done", EffectState.DONE, Subject.payment(7));
    String path = EFFECTS + "/retry?kind=tag";

    assertThat(RunningAcuse.json(acuse.post(path + "&dry_run=true", "")).toString())
        .isEqualTo("{\"dry_run\":true,\"matched\":4,\"retried\":0}");
    assertThat(database.count("effects WHERE state = 'failed'")).isEqualTo(4);
    assertThat(RunningAcuse.json(acuse.post(path, "")).toString())
        .as("what nothing wants stays")
        .isEqualTo("{\"dry_run\":false,\"matched\":4,\"retried\":3}");
    assertThat(database.count("effects WHERE state = 'waiting'")).isEqualTo(3);
    assertThat(database.count("webhook_events WHERE status = 'pending'")).isEqualTo(3);
    OperatorAction done = audit().get(0);
    assertThat(done.action()).isEqualTo("retry-many");
    assertThat(done.target()).isEqualTo("effects?kind=tag");
    assertThat(List.of(done.matched(), done.changed())).containsExactly(4L, 3L);
  }

  @ParameterizedTest
  @CsvSource({
    "'', all",
    "?dry_run=true, all",
    "?account=main, all",
    "?account=main&dry_run=true, all",
    "?all=maybe, all",
    "?state=waiting, state",
    "?state=held, state",
    "?stat=failed, query",
    "?state=failed&limit=3, query",
    "?dry_run=1&kind=tag, dry_run",
  })
  void retryOfManyRefusesWhatItIsNotSureOf(String query, String named) {
    JsonNode problem =
        ProblemAnswer.of(acuse.post(EFFECTS + "/retry" + query, ""), 400, "invalid_parameter");

    assertThat(problem.path("detail").asText()).contains(named);
  }

  @Test
  void aWordOfANewerVersionIsShownAndBreaksNoAnswer() {
    long payment = fixture.payment("900", null);
    long id = fixture.row("hologram", "wall", "cat", "dimmed", "projected");
    fixture.reason(id, Subject.payment(payment), "approved");

    for (JsonNode effect :
        List.of(
            json(EFFECTS + "/" + id),
            json(EFFECTS).path("items").path(0),
            json("/api/payments/" + payment).path("effects").path(0))) {
      assertThat(effect.path("kind").asText()).isEqualTo("hologram");
      assertThat(effect.path("wanted").asText()).isEqualTo("dimmed");
      assertThat(effect.path("state").asText()).isEqualTo("projected");
    }
  }

  private List<OperatorAction> audit() {
    return new AuditTrail(database.jdbi(), InstantSource.system()).page(null, 100);
  }

  private List<Long> listed(String query) {
    List<Long> ids = new ArrayList<>();
    json(EFFECTS + query).path("items").forEach(item -> ids.add(item.path("id").asLong()));
    return ids;
  }

  private JsonNode json(String path) {
    HttpResponse<String> answer = acuse.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return RunningAcuse.json(answer);
  }
}

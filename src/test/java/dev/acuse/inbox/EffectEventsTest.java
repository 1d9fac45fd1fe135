package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.EffectFixture;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each reader of events does about those that work effects off, on both engines: beside one
 * webhook of each status there is one effect's event of each status.
 */
@ParameterizedClass
@EnumSource
class EffectEventsTest {
  private static final Set<EventStatus> STORED =
      Set.of(EventStatus.PENDING, EventStatus.SUCCESS, EventStatus.IGNORED, EventStatus.FAILED);

  private final Engine engine;
  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;
  private EventOperations operations;

  EffectEventsTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void fill() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    operations = Desks.of(database.jdbi(), clock, 4);
    var effects = new EffectFixture(database.jdbi(), clock.instant());
    store.append(Events.of("pending-0", "1"));
    for (EventStatus status : STORED) {
      if (status != EventStatus.PENDING) {
        Events.insert(database.jdbi(), 1, status, clock.instant());
      }
      long effect = effects.tag("contact", status.code(), EffectState.WAITING, Subject.payment(1));
      effects.event(effect, status);
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aListLeavesEffectsOutUnlessTheyFailedOrAreAskedFor() {
    EventFilter all = EventFilter.ALL;
    assertThat(origins(all)).containsOnly(EventOrigin.WEBHOOK).hasSize(4);
    for (EventStatus status : List.of(EventStatus.PENDING, EventStatus.SUCCESS)) {
      assertThat(origins(all.withStatus(status))).containsExactly(EventOrigin.WEBHOOK);
    }
    EventFilter failed = all.withStatus(EventStatus.FAILED);
    assertThat(origins(failed)).containsExactlyInAnyOrder(EventOrigin.WEBHOOK, EventOrigin.EFFECT);
    assertThat(origins(failed.withType("tag"))).containsExactly(EventOrigin.EFFECT);
    assertThat(origins(failed.withOrigin(EventOrigin.WEBHOOK)))
        .containsExactly(EventOrigin.WEBHOOK);

    EventFilter asked = all.withOrigin(EventOrigin.EFFECT);
    assertThat(origins(asked)).containsOnly(EventOrigin.EFFECT).hasSize(4);
    assertThat(origins(asked.withStatus(EventStatus.PENDING))).containsExactly(EventOrigin.EFFECT);
    assertThat(origins(search("effect:"))).containsOnly(EventOrigin.EFFECT).hasSize(4);
    WebhookEvent one = page(asked).get(0);
    assertThat(page(search(one.webhookId()))).containsExactly(one);
    assertThat(origins(search(String.valueOf(one.effectId()))))
        .as("an effect's number is no resource of a provider's")
        .doesNotContain(EventOrigin.EFFECT);
  }

  @Test
  void pagesOfAListThatTakesEffectsHangTogether() {
    EventFilter failed = EventFilter.ALL.withStatus(EventStatus.FAILED);
    WebhookEvent first = page(failed).get(0);

    List<WebhookEvent> second = reader.page(Scope.everything(), failed, first.id(), 1);

    assertThat(second).hasSize(1).doesNotContain(first);
    assertThat(reader.page(Scope.everything(), failed, second.get(0).id(), 1)).isEmpty();
  }

  @Test
  void whatIsCountedAndRetriedIsWhatIsListed() {
    for (EventStatus status : STORED) {
      EventFilter filter = EventFilter.ALL.withStatus(status);
      assertThat(operations.count(filter)).as("%s", status).isEqualTo(page(filter).size());
    }
    EventFilter failed = EventFilter.ALL.withStatus(EventStatus.FAILED);
    var by = new dev.acuse.audit.OperatorRequest("ana", "retry-many", null);
    assertThat(operations.planRetry(failed, by, "status=failed").run()).isEqualTo(2);
    assertThat(page(failed)).isEmpty();
    EventFilter done = EventFilter.ALL.withStatus(EventStatus.SUCCESS);
    assertThat(operations.planRetry(done, by, "status=success").run())
        .as("those of effects stay done")
        .isEqualTo(1);
  }

  @Test
  void countsIncludeEffectsAndTellThemApart() {
    store.claim(Claims.due("me", 1, Duration.ofMinutes(1)));

    assertThat(reader.countByStatus(Scope.everything()))
        .contains(entry(EventStatus.FAILED, 2L), entry(EventStatus.SUCCESS, 2L))
        .contains(entry(EventStatus.PENDING, 1L), entry(EventStatus.PROCESSING, 1L));
    for (EventCounts counts :
        List.of(
            reader.countByStatusUpTo(Scope.everything(), 10),
            reader.backlog(Scope.everything()).events())) {
      for (EventStatus status : List.of(EventStatus.FAILED, EventStatus.SUCCESS)) {
        assertThat(counts.effects(status)).isEqualTo(1);
        assertThat(counts.others(status)).isEqualTo(1);
      }
      assertThat(counts.all(EventStatus.PENDING) + counts.all(EventStatus.PROCESSING)).isEqualTo(2);
      assertThat(counts.effects(EventStatus.PENDING) + counts.effects(EventStatus.PROCESSING))
          .isEqualTo(1);
      assertThat(counts.effects(EventStatus.QUARANTINED)).isZero();
    }
    assertThat(reader.countPending(Scope.everything())).isEqualTo(1);
  }

  @Test
  void aCappedCountOfALargeBacklogIsTheCapForBothParts() {
    for (int i = 1; i < 5; i++) {
      store.append(Events.pending("more-" + i));
    }

    EventCounts counts = reader.countByStatusUpTo(Scope.everything(), 3);

    assertThat(counts.effects(EventStatus.PENDING)).isEqualTo(3);
    assertThat(counts.others(EventStatus.PENDING)).isEqualTo(3);
    assertThat(reader.countByStatusUpTo(Scope.everything(), 10).effects(EventStatus.PENDING))
        .isEqualTo(1);
  }

  @Test
  void whatArrivedIsWithoutEffects() {
    Instant from = clock.instant().minusSeconds(60);

    long arrived =
        reader.arrivals(Scope.everything(), from, Duration.ofMinutes(5)).stream()
            .mapToLong(ArrivalCount::count)
            .sum();

    assertThat(arrived).isEqualTo(4);
    assertThat(reader.deliveries().latest(Scope.everything())).hasSize(4);
    assertThat(reader.deliveries().last(Scope.everything(), List.of("payment", "tag")))
        .containsOnlyKeys("payment");
  }

  @Test
  void theWayOfAPaymentIsNeverAnEffect() {
    long payment = database.jdbi().withHandle(handle -> payment(handle, "1"));
    link(payment, "origin = 'effect' AND status = 'success'", clock.instant());
    assertThat(reader.firstWays(Scope.everything(), List.of(payment)))
        .isEqualTo(Map.of("unknown", 1L));
    link(payment, "webhook_id = 'success-0'", clock.instant().plusSeconds(1));

    assertThat(reader.firstWays(Scope.everything(), List.of(payment)))
        .isEqualTo(Map.of("webhook", 1L));
  }

  @Test
  void anEffectIsNoHintProvesNothingAndHoldsNoLookUpBack() {
    store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(0, 0, Duration.ZERO));
    assertThat(database.count("webhook_events WHERE origin = 'effect'")).isEqualTo(4);
    String effect =
        String.valueOf(page(EventFilter.ALL.withOrigin(EventOrigin.EFFECT)).get(0).effectId());
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET signature = 'verified' WHERE origin = 'effect'"));
    assertThat(store.isProven(Place.MAIN_ACCOUNT, "acuse", "tag", effect)).isFalse();
    String open =
        String.valueOf(
            page(EventFilter.ALL.withOrigin(EventOrigin.EFFECT).withStatus(EventStatus.PENDING))
                .get(0)
                .effectId());
    assertThat(reader.openResources(Scope.everything(), "acuse", "tag", List.of(open))).isEmpty();
  }

  @Test
  void theVersionOfThePagesMovesWhenAnEffectsEventDoes() {
    String before = reader.version(Scope.everything());

    var effects = new EffectFixture(database.jdbi(), clock.instant());
    effects.event(
        effects.tag("contact", "one more", EffectState.WAITING, Subject.payment(1)),
        EventStatus.PENDING);

    assertThat(reader.version(Scope.everything())).isNotEqualTo(before);
  }

  private List<WebhookEvent> page(EventFilter filter) {
    return reader.page(Scope.everything(), filter, null, 100);
  }

  private List<EventOrigin> origins(EventFilter filter) {
    return page(filter).stream().map(WebhookEvent::origin).toList();
  }

  private static EventFilter search(@Nullable String text) {
    return EventFilter.ALL.matching(new EventFilter.Search(String.valueOf(text), List.of()));
  }

  private long payment(org.jdbi.v3.core.Handle handle, String mpPaymentId) {
    return handle
        .createUpdate(
            """
            INSERT INTO payments (mp_payment_id, status, created_at, updated_at)
            VALUES (:id, 'approved', :now, :now)
            """)
        .bind("id", mpPaymentId)
        .bind("now", clock.instant())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  private void link(long payment, String which, Instant finishedAt) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        "UPDATE webhook_events SET payment_id = :payment, finished_at = :at WHERE "
                            + which)
                    .bind("payment", payment)
                    .bind("at", finishedAt)
                    .execute());
  }
}

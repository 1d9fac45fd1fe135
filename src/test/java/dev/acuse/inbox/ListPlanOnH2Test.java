package dev.acuse.inbox;

import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.RowsOnH2;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A page of a list reads about as many rows as it shows, on H2 too, however many there are. */
class ListPlanOnH2Test {
  private static final int ROWS = 5_000;
  private static final int PAGE = 50;

  private static TestDatabase database;
  private static RowsOnH2 rows;

  @BeforeAll
  static void fill() {
    database = TestDatabase.open(Engine.H2);
    Events.insert(database.jdbi(), ROWS, EventStatus.SUCCESS, Instant.now());
    Events.insert(database.jdbi(), ROWS, EventStatus.FAILED, Instant.now());
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
                    state, created_at, updated_at)
                  SELECT 1, 'standing', 'tag', 'contact-' || n, 'cliente', 'present', 1,
                    CASE WHEN MOD(n, 2) = 0 THEN 'done' ELSE 'failed' END, now(), now()
                  FROM SYSTEM_RANGE(1, ?) AS numbers (n)
                  """,
                  ROWS);
              handle.execute(
                  """
                  INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id,
                    created_at)
                  SELECT id, 'payment:' || id, 'approved', 0, 1, now() FROM effects
                  """);
              handle.execute(
                  """
                  INSERT INTO payments (mp_payment_id, external_reference, status, created_at,
                    updated_at)
                  SELECT n, 'order-' || n, 'approved', now(), now()
                  FROM SYSTEM_RANGE(1, ?) AS numbers (n)
                  """,
                  ROWS);
              handle.execute(
                  """
                  INSERT INTO checkouts (external_reference, contact_id, title, amount, currency,
                    status, created_at, updated_at)
                  SELECT 'order-' || n, 'contact-' || n, 'Consulta', 10, 'ARS', 'open', now(), now()
                  FROM SYSTEM_RANGE(1, ?) AS numbers (n)
                  """,
                  ROWS);
              handle.execute(
                  """
                  UPDATE webhook_events SET status = 'ignored'
                  WHERE status = 'success' AND MOD(id, 2) = 0
                  """);
              handle.execute(
                  """
                  UPDATE webhook_events SET last_error_kind = 'unhandled_topic'
                  WHERE status = 'ignored' AND MOD(id, 100) = 0
                  """);
              handle.execute(
                  """
                  INSERT INTO unhandled_events (event_id, account_id, topic, verified, received_at)
                  SELECT id, account_id, CASE WHEN MOD(id, 200) = 0 THEN 'boat' ELSE 'rocket' END,
                    TRUE, received_at
                  FROM webhook_events WHERE last_error_kind = 'unhandled_topic'
                  """);
              handle.execute("ANALYZE");
            });
    rows = new RowsOnH2(database);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> everyListReadsWhatItShows() {
    var events = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
    var effects = new EffectReader(database.jdbi(), TestAccounts.MAIN_ALONE);
    Scope scope = Scope.everything();
    Map<String, Runnable> lists = new LinkedHashMap<>();
    for (EventFilter filter :
        List.of(
            EventFilter.ALL,
            EventFilter.ALL.withStatus(EventStatus.SUCCESS),
            EventFilter.ALL.withStatus(EventStatus.FAILED))) {
      lists.put("events " + filter.status(), () -> events.page(scope, filter, null, PAGE));
      lists.put("later events " + filter.status(), () -> events.page(scope, filter, 900L, PAGE));
    }
    for (EffectFilter filter :
        List.of(
            EffectFilter.ALL,
            EffectFilter.ALL.ofAccount(1L),
            EffectFilter.ALL.withKind(EffectKind.TAG),
            EffectFilter.ALL.withKind(EffectKind.FIND_CONTACT),
            EffectFilter.ALL.withState(EffectState.DONE),
            EffectFilter.ALL.withState(EffectState.FAILED).withKind(EffectKind.TAG),
            EffectFilter.ALL.wantedBy(Set.of(Subject.payment(7), Subject.checkout(7))),
            EffectFilter.ALL
                .withState(EffectState.FAILED)
                .wantedBy(Set.of(Subject.payment(7), Subject.checkout(7))))) {
      lists.put(filter.toString(), () -> effects.page(scope, filter, null, PAGE));
      lists.put("later " + filter, () -> effects.page(scope, filter, 4_900L, PAGE));
      lists.put("end of " + filter, () -> effects.lastId(scope, filter));
      lists.put("ids of " + filter, () -> effects.ids(scope, filter, 900, 4_900, PAGE));
    }
    lists.put("topics without a handler", () -> events.unhandled(scope));
    lists.put(
        "events without a handler",
        () ->
            events.page(
                scope,
                EventFilter.ALL
                    .withStatus(EventStatus.IGNORED)
                    .withErrorKind(Attempt.UNHANDLED_TOPIC),
                null,
                PAGE));
    var payments = new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE);
    for (String reference : new String[] {null, "order-7"}) {
      var filter = new PaymentFilter(null, reference, null, null, null);
      lists.put("payments " + reference, () -> payments.payments(scope, filter, null, PAGE));
      lists.put("checkouts " + reference, () -> payments.checkouts(scope, reference, null, PAGE));
    }
    lists.put("states", () -> effects.statesBySubject(scope, Set.of(Subject.payment(7))));
    return lists.entrySet().stream()
        .map(
            list ->
                DynamicTest.dynamicTest(
                    list.getKey(), () -> rows.assertAtMost(PAGE + 10, list.getValue())));
  }
}

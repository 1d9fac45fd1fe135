package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.support.Engine;
import dev.acuse.support.RowsOnH2;
import dev.acuse.support.TestDatabase;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is shown of a small account beside a large one, of two, and of all of them, reads no more
 * than it shows: by H2's own count of the rows that it goes through.
 */
class SeveralAccountsPlanTest {
  private static final int OF_MAIN = 20_000;
  private static final int OF_EACH = 40;
  private static final int OTHERS = 30;
  private static final long SMALL = 7;
  private static final Map<String, Scope> SCOPES =
      Map.of(
          "one account", Scope.of(SMALL),
          "two accounts", Scope.of(Set.of(SMALL, SMALL + 1)),
          "main", Scope.of(1),
          "all", Scope.everything());

  private static final KnownAccounts KNOWN =
      new KnownAccounts() {
        @Override
        public Set<Long> ids() {
          return LongStream.rangeClosed(0, OTHERS + 1).boxed().collect(Collectors.toSet());
        }

        @Override
        public List<Lane> lanesOf(long accountId) {
          return List.of(Lane.mercadoPago(accountId), Lane.crm(accountId, null));
        }
      };

  private static TestDatabase database;
  private static RowsOnH2 rows;

  @BeforeAll
  static void fill() {
    database = TestDatabase.open(Engine.H2);
    for (String status : List.of("success", "failed", "quarantined", "pending")) {
      insert("1", OF_MAIN / 4, status);
      insert("2 + MOD(n, " + OTHERS + ")", OTHERS * OF_EACH / 4, status);
    }
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  INSERT INTO effects (account_id, family, kind, target, name, wanted, generation,
                    state, created_at, updated_at)
                  SELECT account_id, 'standing', 'tag', 'contact-' || id, 'cliente', 'present', 1,
                    CASE WHEN MOD(id, 2) = 0 THEN 'done' ELSE 'failed' END, now(), now()
                  FROM webhook_events
                  """);
              handle.execute(
                  """
                  INSERT INTO payments (account_id, mp_payment_id, external_reference, status, flag,
                    created_at, updated_at)
                  SELECT account_id, id, 'order-' || id, 'approved',
                    CASE WHEN MOD(id, 1000) = 0 THEN 'amount_mismatch' END, now(), now()
                  FROM webhook_events
                  """);
              handle.execute("ANALYZE");
            });
    rows = new RowsOnH2(database);
  }

  private static void insert(String account, int number, String status) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    INSERT INTO webhook_events (webhook_id, account_id, lane, source, event_type,
                      status, next_retry_at, max_attempts, raw_payload, payload_size, headers,
                      signature, last_delivered_at, origin, received_at, updated_at)
                    SELECT '%1$s:' || n, %2$s, 'mp:' || (%2$s), 'mp', 'payment', '%1$s',
                      %3$s, 4, X'', 0, '{}', 'verified', now(), 'webhook', now(), now()
                    FROM SYSTEM_RANGE(1, %4$d) AS numbers (n)
                    """
                        .formatted(
                            status, account, status.equals("pending") ? "now()" : "NULL", number)));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> nothingReadsTheRowsOfOthers() {
    Map<String, Runnable> asked = new LinkedHashMap<>();
    SCOPES.forEach((name, scope) -> add(name, scope, asked));
    return asked.entrySet().stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    one.getKey(), () -> rows.assertAtMost(2_000, one.getValue())));
  }

  private static void add(String name, Scope scope, Map<String, Runnable> asked) {
    var events = new EventReader(database.jdbi(), InstantSource.system(), KNOWN);
    var effects = new EffectReader(database.jdbi(), KNOWN);
    var payments = new PaymentReader(database.jdbi(), KNOWN);
    var all = EventFilter.ALL;
    asked.put("page, " + name, () -> events.page(scope, all, null, 50));
    for (EventStatus status : EventStatus.FINISHED) {
      asked.put(
          "page of " + status + ", " + name,
          () -> events.page(scope, all.withStatus(status), null, 50));
    }
    asked.put("version, " + name, () -> events.version(scope));
    asked.put("latest deliveries, " + name, () -> events.deliveries().latest(scope));
    asked.put("oldest due, " + name, () -> events.oldestDue(scope));
    asked.put("effects, " + name, () -> effects.page(scope, EffectFilter.ALL, null, 50));
    for (EffectState state : EffectState.KNOWN) {
      asked.put(
          "effects " + state + ", " + name,
          () -> effects.page(scope, EffectFilter.ALL.withState(state), null, 50));
    }
    asked.put("effects' tabs, " + name, () -> effects.countByStateUpTo(scope, 1_001));
    var none = new PaymentFilter(null, null, null, null, null);
    asked.put("payments, " + name, () -> payments.payments(scope, none, null, 50));
    asked.put("misfits, " + name, () -> payments.countMisfits(scope));
    asked.put("misfits of each, " + name, () -> payments.misfitsByAccount(scope));
    asked.put("checkouts, " + name, () -> payments.checkouts(scope, null, null, 50));
    if (scope.isEverything()) {
      for (EventStatus status : List.of(EventStatus.FAILED, EventStatus.QUARANTINED)) {
        asked.put(
            status + " of each account", () -> events.countByAccount(KNOWN.ids(), status, 1_000));
      }
      asked.put("of no account", events::unknownAccounts);
    } else if (!scope.sees(1)) {
      // Of a large one all of its own are counted.
      asked.put("failed so, " + name, () -> events.countFailed(scope, "x"));
      asked.put("tabs, " + name, () -> events.countByStatusUpTo(scope, 1_001));
      asked.put("counts, " + name, () -> assertThat(events.countByStatus(scope)).isNotEmpty());
    }
  }
}

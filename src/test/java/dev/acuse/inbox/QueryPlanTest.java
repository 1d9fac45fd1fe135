package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.audit.AuditTrail;
import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.Arrival;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.Ticket;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.PaymentRules;
import dev.acuse.payment.PaymentStore;
import dev.acuse.payment.TagRules;
import dev.acuse.recovery.journal.JournalReplay;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.LargeInbox;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TestEffects;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.PGStatement;

/** No query of a page, of the API or of a loop reads a whole table, though it is large. */
class QueryPlanTest {
  private static final int EVENTS = 100_000;
  private static final Set<EventStatus> PURGED = Set.of(EventStatus.SUCCESS, EventStatus.IGNORED);
  private final Instant now = Instant.now();

  private static TestDatabase database;
  private static EventStore events;
  private static EventReader reader;
  private static PaymentStore payments;
  private static PaymentReader paymentReader;
  private static List<String> executed;

  @BeforeAll
  static void fill() {
    database = TestDatabase.open(Engine.POSTGRESQL);
    events = new EventStore(database.jdbi(), InstantSource.system(), 4);
    reader = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
    paymentReader = new PaymentReader(database.jdbi(), TestAccounts.MAIN_ALONE);
    payments =
        new PaymentStore(
            database.jdbi(),
            InstantSource.system(),
            new PaymentRules(new TagRules(Map.of("approved", List.of("x"))), null, false),
            TestEffects.of(InstantSource.system()));
    LargeInbox.fill(database.jdbi(), EVENTS);
    leaveSomeUnhandled();
    new Ledger(database.jdbi(), InstantSource.system())
        .write("a-run", "an-instance", Instant.now(), new IntakeTally(7, 7, 0, 0, 0, 0, Map.of()));
    executed = new ArrayList<>();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                try {
                  // A batch has none yet: it writes, and its rows are found by their keys.
                  if (context.getStatement() != null) {
                    executed.add(context.getStatement().unwrap(PGStatement.class).toString());
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
  }

  /**
   * Two topics of many rows, of which few are of the rare one. None is among the oldest, which are
   * purged.
   */
  private static void leaveSomeUnhandled() {
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  """
                  UPDATE webhook_events SET last_error_kind = 'unhandled_topic'
                  WHERE status = 'ignored' AND origin <> 'effect' AND id > 4000
                  """);
              handle.execute(
                  """
                  INSERT INTO unhandled_events (event_id, account_id, topic, verified, received_at)
                  SELECT id, account_id, CASE WHEN id % 9 = 0 THEN 'rare' ELSE 'rocket' END, TRUE,
                    received_at
                  FROM webhook_events WHERE last_error_kind = 'unhandled_topic'
                  """);
              handle.execute("VACUUM (ANALYZE) webhook_events");
              handle.execute("VACUUM (ANALYZE) unhandled_events");
            });
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @TestFactory
  Stream<DynamicTest> everyQueryFindsItsRowsByAnIndex() {
    Map<String, Runnable> queries = new LinkedHashMap<>();
    EventFilter all = EventFilter.ALL;
    for (EventStatus status : EventStatus.KNOWN) {
      queries.put("events " + status, () -> page(all.withStatus(status)));
    }
    queries.put("first page", () -> page(all));
    queries.put("later page", () -> reader.page(Scope.everything(), all, 500L, 50));
    queries.put("events of the usual type", () -> page(all.withType("payment")));
    queries.put("events of a rare type", () -> page(all.withType("topic_claims")));
    queries.put("events of no type that there is", () -> page(all.withType("nothing")));
    queries.put("reconciled events", () -> page(all.withOrigin(EventOrigin.RECONCILIATION)));
    queries.put("effects' events", () -> page(all.withOrigin(EventOrigin.EFFECT)));
    for (EventStatus status : EventStatus.KNOWN) {
      queries.put(
          "effects' events " + status,
          () -> page(all.withOrigin(EventOrigin.EFFECT).withStatus(status)));
    }
    queries.put("events of a payment", () -> page(all.withMpPaymentId("7000")));
    queries.put("events of a preference", () -> page(all.withPreferenceId("pref-70")));
    Instant day = now.minus(Duration.ofDays(9));
    queries.put(
        "failed events of a day",
        () ->
            page(
                all.withStatus(EventStatus.FAILED)
                    .receivedBetween(day, day.plus(Duration.ofDays(1)))));
    queries.put(
        "events of a day", () -> page(all.receivedBetween(day, day.plus(Duration.ofDays(1)))));
    for (String text : List.of("7000", "mp:payment:7000", "pref-70", "nothing", "effect:7")) {
      queries.put(
          "search for " + text,
          () ->
              page(
                  all.matching(
                      new EventFilter.Search(
                          text, paymentReader.paymentIdsFor(Scope.everything(), text)))));
    }
    queries.put("topics without a handler", () -> reader.unhandled(Scope.everything()));
    queries.put("topics without a handler, of an account", () -> reader.unhandled(Scope.of(1)));
    EventFilter unhandled =
        all.withStatus(EventStatus.IGNORED).withErrorKind(Attempt.UNHANDLED_TOPIC);
    queries.put("unhandled events", () -> page(unhandled));
    queries.put("unhandled events of a type", () -> page(unhandled.withType("topic_claims")));
    queries.put(
        "how many are unhandled",
        () ->
            Desks.of(database.jdbi(), InstantSource.system(), 4)
                .count(unhandled.withType("topic_claims")));
    queries.put("labels of the tabs", () -> reader.countByStatusUpTo(Scope.everything(), 1_001));
    queries.put("counts", () -> reader.countByStatus(Scope.everything()));
    queries.put("has anything changed", () -> reader.version(Scope.everything()));
    queries.put(
        "has an operator done anything",
        new AuditTrail(database.jdbi(), InstantSource.system())::version);
    queries.put(
        "the chart of a day",
        () ->
            reader.arrivals(
                Scope.everything(), now.minus(Duration.ofDays(1)), Duration.ofHours(1)));
    queries.put("backlog", () -> reader.backlog(Scope.everything()));
    queries.put("latest deliveries", () -> reader.deliveries().latest(Scope.everything()));
    queries.put(
        "open resources",
        () -> reader.openResources(Scope.everything(), "mp", "payment", List.of("7000")));
    queries.put("one event", () -> reader.find(Scope.everything(), 7_000));
    queries.put("its attempts", () -> reader.attempts(Scope.everything(), 7_000));
    queries.put(
        "by its key", () -> reader.findByWebhookId(Scope.everything(), "mp:payment:7000:x"));
    queries.put("claim", () -> events.claim(Claims.due("me", 8, Duration.ofMinutes(1))));
    queries.put("the lanes", events::pendingLanes);
    queries.put("rescue", () -> events.rescueExpired(100));
    queries.put("the next alone", () -> events.anyDueAlone(Claims.KINDS, Set.of()));
    queries.put("how many are pending", () -> reader.countPending(Scope.everything()));
    queries.put("how many are due", () -> reader.countDue(Scope.everything()));
    queries.put(
        "balance of a run",
        () ->
            new Ledger(database.jdbi(), InstantSource.system())
                .balances("an-instance", 1, run -> 0, List.of(new Ticket("a-run", 7))));
    queries.put(
        "purge",
        () ->
            Desks.of(database.jdbi(), InstantSource.system(), 4)
                .purge(Duration.ofSeconds(20L * (EVENTS - 1_000)), PURGED));
    queries.put("payments that do not fit", () -> paymentReader.countMisfits(Scope.everything()));
    queries.put(
        "payments of a day",
        () ->
            paymentReader.paymentIdsChanged(Scope.everything(), day, day.plus(Duration.ofDays(1))));
    queries.put(
        "how payments came", () -> reader.firstWays(Scope.everything(), List.of(7_000L, 7_001L)));
    queries.put(
        "payments without open tags",
        () -> paymentReader.withoutOpenTags(Scope.everything(), List.of("7000")));
    queries.put(
        "payments of a checkout", () -> paymentReader.paymentsOf(Scope.everything(), 7, 50));
    queries.put(
        "locks of a payment and its checkout", () -> payments.accept(Place.MAIN_ACCOUNT, 7_000));
    PaymentFilter none = PaymentFilter.ALL;
    queries.put("payments", () -> paymentReader.payments(Scope.everything(), none, null, 50));
    queries.put(
        "refunded payments",
        () ->
            paymentReader.payments(
                Scope.everything(),
                new PaymentFilter("refunded", null, null, null, null),
                null,
                50));
    queries.put(
        "payments of a reference",
        () ->
            paymentReader.payments(
                Scope.everything(),
                new PaymentFilter(null, "order-7", null, null, null),
                null,
                50));
    queries.put(
        "unlinked payments",
        () ->
            paymentReader.payments(
                Scope.everything(), new PaymentFilter(null, null, null, false, null), null, 50));
    queries.put(
        "flagged payments",
        () ->
            paymentReader.payments(
                Scope.everything(), new PaymentFilter(null, null, null, null, true), null, 50));
    queries.put(
        "checkouts of payments",
        () -> paymentReader.checkoutsOf(Scope.everything(), List.of(7_000L, 7_001L)));
    queries.put(
        "checkouts of a reference",
        () -> paymentReader.checkouts(Scope.everything(), "order-7", null, 50));
    queries.put("what a journal holds", this::replay);
    addEffects(queries);
    return queries.entrySet().stream()
        .map(
            query ->
                DynamicTest.dynamicTest(query.getKey(), () -> assertIndexed(query.getValue())));
  }

  private void replay() {
    var replay = new JournalReplay(database.jdbi(), InstantSource.system(), 4);
    replay.arrival(new Arrival(Events.pending("mp:payment:7000:x"), now, now));
    replay.flush();
  }

  private static void addEffects(Map<String, Runnable> queries) {
    var effects = new EffectReader(database.jdbi(), TestAccounts.MAIN_ALONE);
    Scope scope = Scope.everything();
    EffectFilter all = EffectFilter.ALL;
    Set<Subject> subjects = Set.of(Subject.payment(7_000), Subject.checkout(7));
    queries.put("one effect", () -> effects.find(scope, 7_000));
    queries.put("effects", () -> effects.page(scope, all, 20_000L, 50));
    queries.put("tags", () -> effects.page(scope, all.withKind(EffectKind.TAG), null, 50));
    queries.put(
        "effects of a rare kind",
        () -> effects.page(scope, all.withKind(EffectKind.FIND_CONTACT), null, 50));
    queries.put("effects of an account", () -> effects.page(scope, all.ofAccount(1L), null, 50));
    for (EffectState state : EffectState.KNOWN) {
      queries.put("effects " + state, () -> effects.page(scope, all.withState(state), 20_000L, 50));
    }
    EffectFilter failed = all.withState(EffectState.FAILED);
    queries.put("how many effects failed", () -> effects.count(scope, failed));
    queries.put("how many of them are wanted", () -> effects.countWanted(scope, failed));
    for (EffectFilter retried :
        List.of(
            failed,
            failed.ofAccount(1L).withKind(EffectKind.TAG),
            all.withState(EffectState.DONE),
            all.withState(EffectState.DONE).withKind(EffectKind.FIND_CONTACT),
            failed.wantedBy(subjects))) {
      queries.put("where a retry ends, " + retried, () -> effects.lastId(scope, retried));
      queries.put(
          "a page of a retry, " + retried, () -> effects.ids(scope, retried, 9_000, 40_000, 500));
    }
    queries.put("effects of a payment", () -> effects.of(scope, subjects));
    queries.put("states of the effects of many", () -> effects.statesBySubject(scope, subjects));
    queries.put("states of effects", () -> effects.states(scope, List.of(7_000L, 7_001L)));
  }

  /** So it costs the same however large the rows are, and however many indexes they have. */
  @Test
  void aClaimChangesAndLocksNoEvent() {
    ClaimRequest request = Claims.due("claims", 100, Duration.ofMinutes(1));
    database
        .jdbi()
        .useTransaction(
            handle -> {
              long before = unsent(handle, "tuples_updated", "webhook_events");
              Claimed claimed = Dialect.of(handle).claim(handle, request, now, now.plusSeconds(60));
              assertThat(claimed.events()).hasSize(100);
              assertThat(unsent(handle, "tuples_updated", "webhook_events")).isEqualTo(before);
              assertThat(
                      handle
                          .createQuery("SELECT COUNT(*) FROM webhook_events WHERE xmax <> '0'")
                          .mapTo(Long.class)
                          .one())
                  .as("locked or changed")
                  .isZero();
              handle.rollback();
            });
  }

  /**
   * However many leases there are, and whatever the statistics say: each event is asked of once.
   */
  @Test
  void aClaimKnowsByOneLookWhatIsLeased() throws SQLException {
    executed.clear();
    events.claim(Claims.due("looks", 1, Duration.ofMinutes(1)));

    assertThat(explain(executed.get(0))).contains("NOT (hashed SubPlan");
  }

  /** An end writes into those that hold every row, and one of the two of what has ended. */
  @Test
  void anEndWritesIntoAsFewIndexesAsCanBe() {
    List<String> written =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            """
                            SELECT CAST(CAST(indexrelid AS regclass) AS text) FROM pg_index
                            WHERE (indrelid = CAST('webhook_events' AS regclass)
                                OR indrelid = CAST('webhook_attempts' AS regclass))
                              AND (indpred IS NULL
                                OR pg_get_expr(indpred, indrelid) LIKE '%<> ''pending''%')
                            ORDER BY 1
                            """)
                        .mapTo(String.class)
                        .list());

    assertThat(written)
        .containsExactly(
            "webhook_attempts_key",
            "webhook_events_effect_idx",
            "webhook_events_key",
            "webhook_events_list_idx",
            "webhook_events_pkey",
            "webhook_events_received_idx");
  }

  /** The statistics know of hardly any that waits; to compare each with each end would be slow. */
  @Test
  void endsOfAttemptsFindTheirEventsByKeyThoughManyWait() {
    List<AttemptEnd> endings =
        events.claim(Claims.due("ends", 100, Duration.ofMinutes(1))).stream()
            .map(event -> Ends.of(event, AttemptEnd.Next.SUCCEED, now))
            .toList();
    assertThat(endings).hasSize(100);

    long scans =
        database
            .jdbi()
            .inTransaction(
                handle -> {
                  long before = unsent(handle, "numscans", "webhook_events_lane_idx");
                  assertThat(Dialect.of(handle).end(handle, AttemptEnd.Kind.SUCCEED, endings, now))
                      .containsOnly(true);
                  return unsent(handle, "numscans", "webhook_events_lane_idx") - before;
                });

    assertThat(scans).as("scans of the index of what waits").isZero();
  }

  /** A count that this connection has made, and maybe not yet told the others. */
  private static long unsent(Handle handle, String what, String relation) {
    return handle
        .createQuery("SELECT pg_stat_get_xact_%s(CAST('%s' AS regclass))".formatted(what, relation))
        .mapTo(Long.class)
        .one();
  }

  /**
   * By the statistics of yesterday there is much to delete, and it was deleted an hour ago. What is
   * kept of it, for it failed or is in quarantine, is as little as that.
   */
  @Test
  void purgeThatFindsNothingMoreReadsNothingThatIsYoung() throws SQLException {
    var operations = Desks.of(database.jdbi(), InstantSource.system(), 4);
    Duration age = Duration.ofSeconds(20L * (EVENTS - 3_000));
    // Another test may have purged the first thousand.
    assertThat(operations.purge(age, PURGED)).isGreaterThan(1_500);
    executed.clear();

    assertThat(operations.purge(age, PURGED)).isZero();

    List<String> asked = List.copyOf(executed);
    assertThat(asked).isNotEmpty();
    long read = 0;
    for (String sql : asked) {
      read += pages(explain("(ANALYZE, BUFFERS, SUMMARY OFF)", sql));
    }
    assertThat(read).as(String.join("; ", asked)).isLessThan(tablePages() / 20);
  }

  /** Each hour, also where webhooks are kept for good. */
  @Test
  void purgeOfEffectsEventsReadsNoWebhooks() throws SQLException {
    var operations = Desks.of(database.jdbi(), InstantSource.system(), 4);
    executed.clear();

    assertThat(operations.purgeEffects(Duration.ofDays(7), PURGED)).isZero();

    List<String> asked = List.copyOf(executed);
    assertThat(asked).hasSize(PURGED.size());
    long read = 0;
    for (String sql : asked) {
      read += pages(explain("(ANALYZE, BUFFERS, SUMMARY OFF)", sql));
    }
    assertThat(read).as(String.join("; ", asked)).isLessThan(10);
  }

  /** The loop asks this once a second, in a backlog too. */
  @Test
  void theNextAloneIsLookedForWithoutReadingTheBacklog() {
    long read =
        database
            .jdbi()
            .withHandle(
                handle -> {
                  handle.begin();
                  handle.execute(
                      """
                      INSERT INTO webhook_events (webhook_id, source, event_type, status,
                        max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
                        last_delivered_at, origin, received_at, updated_at)
                      SELECT 'backlog-' || n, 'mp', 'payment', 'pending', 4, now(), '{}', 2, '{}',
                        'verified', now(), 'webhook', now(), now()
                      FROM generate_series(1, 20000) AS n
                      """);
                  long before = rowsRead(handle);
                  assertThat(new EventQueries(handle).anyDueAlone(Claims.KINDS, Set.of(), now))
                      .isFalse();
                  long after = rowsRead(handle);
                  handle.rollback();
                  return after - before;
                });

    assertThat(read).as("rows read").isZero();
  }

  /** By this transaction, from the table and by its indexes. */
  private static long rowsRead(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT sum(pg_stat_get_xact_tuples_returned(oid)) FROM pg_class
            WHERE oid = CAST('webhook_events' AS regclass)
              OR oid IN (SELECT indexrelid FROM pg_index
                WHERE indrelid = CAST('webhook_events' AS regclass))
            """)
        .mapTo(Long.class)
        .one();
  }

  /** Pages from wherever, by the first line that tells of them: that of the whole plan. */
  private static long pages(String plan) {
    Matcher buffers = Pattern.compile("Buffers: shared((?: \\w+=\\d+)+)").matcher(plan);
    assertThat(buffers.find()).as(plan).isTrue();
    return Pattern.compile("(?:hit|read)=(\\d+)")
        .matcher(buffers.group(1))
        .results()
        .mapToLong(count -> Long.parseLong(count.group(1)))
        .sum();
  }

  private static long tablePages() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT relpages FROM pg_class WHERE relname = 'webhook_events'")
                    .mapTo(Long.class)
                    .one());
  }

  private static void page(EventFilter filter) {
    reader.page(Scope.everything(), filter, null, 50);
  }

  private static void assertIndexed(Runnable query) throws SQLException {
    executed.clear();
    query.run();
    List<String> asked = List.copyOf(executed);
    assertThat(asked).isNotEmpty();
    for (String sql : asked) {
      String plan = explain(sql);
      assertThat(plan)
          .as(sql)
          // The few leases are read all at once.
          .containsAnyOf("Index", "Result", "webhook_leases")
          .doesNotContain(
              "Seq Scan on webhook_events ",
              "Seq Scan on payments ",
              "Seq Scan on checkouts ",
              "Seq Scan on effects ",
              "Seq Scan on effect_reasons ",
              "Seq Scan on webhook_attempts ");
    }
  }

  private static String explain(String sql) throws SQLException {
    return explain("", sql);
  }

  private static String explain(String options, String sql) throws SQLException {
    return database
        .jdbi()
        .withHandle(
            handle -> {
              var lines = new StringBuilder();
              try (var statement = handle.getConnection().createStatement();
                  var rows = statement.executeQuery("EXPLAIN " + options + " " + sql)) {
                while (rows.next()) {
                  lines.append(rows.getString(1)).append('\n');
                }
              }
              return lines.toString();
            });
  }
}

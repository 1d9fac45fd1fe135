package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.Claims;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The dispatcher on a real store; the handler does what each test says. */
@ParameterizedClass
@EnumSource
class DispatcherTest {
  private static final Lanes NO_LIMITS = new Lanes(List.of(), Claims.KINDS);

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventStore store;
  private final EventReader reader;
  private final MetricRegistry metrics = new MetricRegistry();
  private final DispatchConfiguration config;
  private final RemoteSystem provider;
  private final RemoteSystem crm;
  private final Lanes lanes;
  private final ScriptedHandler handler = new ScriptedHandler();
  private final Dispatcher dispatcher;

  DispatcherTest(Engine engine) throws IOException {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    ObjectMapper mapper = Jackson.newObjectMapper();
    config =
        mapper.readValue(
            """
            {"workers": 4, "pollInterval": "20ms", "shutdownGracePeriod": "1s", "lease": "60s",
             "attemptTimeout": "1s"}
            """,
            DispatchConfiguration.class);
    provider =
        new RemoteSystem("mercadopago", config.breakerFailures(), config.probeEvery(), clock);
    crm = new RemoteSystem("gohighlevel", config.breakerFailures(), config.probeEvery(), clock);
    lanes = new Lanes(List.of(provider, crm), Claims.KINDS);
    dispatcher = newDispatcher("me");
  }

  private Dispatcher newDispatcher(String owner) {
    return newDispatcher(owner, config);
  }

  private Dispatcher newDispatcher(String owner, DispatchConfiguration config) {
    return newDispatcher(owner, config, lanes);
  }

  private Dispatcher newDispatcher(String owner, DispatchConfiguration config, Lanes lanes) {
    var policy = new RetryPolicy(config.retryDelays(), config.outagePatience(), new Random(1));
    var runner =
        new AttemptRunner(store, Handlers.all(handler), lanes, event -> policy, clock, metrics);
    return new Dispatcher(store, runner, lanes, config, owner, metrics);
  }

  @AfterEach
  void close() throws Exception {
    handler.finishAll();
    dispatcher.stop();
    database.close();
  }

  @Test
  void aWakeUpStartsWorkWithoutWaitingForThePoll() throws Exception {
    dispatcher.start();
    store.append(Events.pending("a"));

    awaitStatus("a", EventStatus.SUCCESS);
    assertThat(attempts("a")).extracting(Attempt::outcome).containsExactly(AttemptOutcome.SUCCESS);
    assertThat(metrics.counter("acuse.attempts.success").getCount()).isEqualTo(1);
  }

  @Test
  void aPausedInboxIsNotAskedForEachWebhookThatIsStored() throws Exception {
    var hourly =
        Jackson.newObjectMapper()
            .readValue("{\"workers\": 4, \"pollInterval\": \"1h\"}", DispatchConfiguration.class);
    var operations = Desks.of(database.jdbi(), clock, 4);
    var claims = new AtomicInteger();
    database.jdbi().setSqlLogger(countOf("inbox_hold", claims));
    Dispatcher patient = newDispatcher("patient", hourly);
    operations.pause("ana");
    patient.start();
    try {
      // Nothing is due, and a look whether that is because of the pause.
      await().until(() -> claims.get() >= 1);
      operations.resume("ana");
      int before = claims.get();
      store.append(Events.pending("a"));
      await().during(Duration.ofMillis(200)).until(() -> claims.get() == before);

      patient.wake();
      awaitStatus("a", EventStatus.SUCCESS);
      store.append(Events.pending("b"));
      awaitStatus("b", EventStatus.SUCCESS);
    } finally {
      patient.stop();
    }
  }

  private static SqlLogger countOf(String part, AtomicInteger count) {
    return new SqlLogger() {
      @Override
      public void logAfterExecution(StatementContext context) {
        if (String.valueOf(context.getRenderedSql()).contains(part)) {
          count.incrementAndGet();
        }
      }
    };
  }

  @Test
  void anEventWithoutAHandlerIsIgnored() {
    handler.outcomes.put("a", Outcome.unhandled("payment"));
    store.append(Events.pending("a"));
    dispatcher.start();

    awaitStatus("a", EventStatus.IGNORED);
    assertThat(event("a").lastError()).contains("no handler");
    assertThat(event("a").lastErrorKind()).isEqualTo("unhandled_topic");
  }

  @Test
  void failuresFollowTheScheduleAndEndInFailed() {
    handler.outcomes.put("a", Outcome.retry("not_found", "payment not found", 404));
    store.append(Events.pending("a"));
    dispatcher.start();

    for (Duration delay : config.retryDelays()) {
      awaitStatus("a", EventStatus.PENDING, AttemptOutcome.RETRY);
      assertThat(event("a").nextRetryAt())
          .isBetween(
              clock.instant().plus(delay),
              clock.instant().plus(delay.multipliedBy(11).dividedBy(10)).plusMillis(1));
      int expected = attempts("a").size() + 1;
      clock.advance(delay.multipliedBy(11).dividedBy(10).plusMillis(1));
      await().until(() -> attempts("a").size() == expected);
    }

    awaitStatus("a", EventStatus.FAILED);
    assertThat(attempts("a"))
        .hasSize(4)
        .allMatch(attempt -> "not_found".equals(attempt.errorKind()));
    assertThat(event("a").lastError()).isEqualTo("payment not found");
  }

  @Test
  void whileNoEndCanBeRecordedEventsAreTriedOneByOne() {
    for (int i = 0; i < 40; i++) {
      store.append(Events.pending("event-" + i));
    }
    database.jdbi().useHandle(h -> h.execute("ALTER TABLE webhook_attempts RENAME TO gone"));
    dispatcher.start();

    await().until(() -> database.count("webhook_leases WHERE cardinality(event_ids) = 1") >= 3);
    database.jdbi().useHandle(h -> h.execute("ALTER TABLE gone RENAME TO webhook_attempts"));

    await().until(() -> reader.countDue(Scope.everything()) == 0);
    await().until(() -> count(EventStatus.SUCCESS) > 20);
  }

  @Test
  void aHandlerThatThrowsAnythingFailsItsOwnEventOnly() {
    handler.failures.put("npe", new NullPointerException("boom"));
    handler.failures.put("overflow", new StackOverflowError());
    store.append(Events.pending("npe"));
    store.append(Events.pending("overflow"));
    store.append(Events.pending("good"));
    dispatcher.start();

    awaitStatus("good", EventStatus.SUCCESS);
    awaitStatus("npe", EventStatus.PENDING, AttemptOutcome.RETRY);
    awaitStatus("overflow", EventStatus.PENDING, AttemptOutcome.RETRY);
    assertThat(event("npe").lastError()).isEqualTo("boom");
    assertThat(event("overflow").lastErrorKind()).isEqualTo("error");
  }

  @Test
  void atMostAsManyAttemptsRunAsThereAreWorkers() throws Exception {
    handler.block("slow");
    for (int i = 0; i < 10; i++) {
      store.append(Events.pending("slow" + i));
    }
    dispatcher.start();

    await().until(() -> handler.running.get() == 4);
    dispatcher.wake();
    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.PROCESSING, 4L)
        .containsEntry(EventStatus.PENDING, 6L);
    handler.finishAll();
    await().until(() -> count(EventStatus.SUCCESS) == 10);
    assertThat(handler.mostAtOnce).hasValueLessThanOrEqualTo(4);
  }

  @Test
  void anAttemptThatHangsIsGivenUpAndItsSlotReplaced() throws Exception {
    handler.block("slow");
    for (int i = 0; i < 4; i++) {
      store.append(Events.pending("slow" + i));
    }
    var shortLease =
        Jackson.newObjectMapper()
            .readValue(
                """
                {"workers": 4, "pollInterval": "20ms", "lease": "1s", "attemptTimeout": "1s"}
                """,
                DispatchConfiguration.class);
    var policy = new RetryPolicy(config.retryDelays(), Duration.ZERO, new Random(1));
    var runner =
        new AttemptRunner(store, Handlers.all(handler), NO_LIMITS, event -> policy, clock, metrics);
    var impatient = new Dispatcher(store, runner, NO_LIMITS, shortLease, "impatient", metrics);
    impatient.start();
    try {
      await().until(() -> handler.running.get() == 4);
      store.append(Events.pending("next"));
      awaitStatus("next", EventStatus.SUCCESS);
      awaitStatus("slow0", EventStatus.PENDING, AttemptOutcome.RETRY);
      assertThat(event("slow0").lastErrorKind()).isEqualTo("timeout");
    } finally {
      handler.finishAll();
      impatient.stop();
    }
  }

  @Test
  void theLoopOutlivesADatabaseThatFails() {
    dispatcher.start();
    database.jdbi().useHandle(h -> h.execute("ALTER TABLE webhook_events RENAME TO gone"));
    dispatcher.wake();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .anyMatch(thread -> thread.getName().equals("dispatcher")));
    database.jdbi().useHandle(h -> h.execute("ALTER TABLE gone RENAME TO webhook_events"));
    store.append(Events.pending("a"));
    dispatcher.wake();

    awaitStatus("a", EventStatus.SUCCESS);
  }

  @Test
  void anOutageOfTheProviderHoldsEveryEventBackAndBurnsNone() {
    handler.calls = provider;
    handler.callFails.set(true);
    for (int i = 0; i < 20; i++) {
      store.append(Events.pending("e" + i));
    }
    dispatcher.start();
    await().until(() -> !provider.isUp());
    await().until(() -> count(EventStatus.PROCESSING) == 0);
    int callsMade = handler.callsMade.get();

    // Far longer than the whole schedule of one, five and fifteen minutes.
    for (int i = 0; i < 10; i++) {
      int before = handler.callsMade.get();
      clock.advance(Duration.ofMinutes(30));
      dispatcher.wake();
      await().until(() -> handler.callsMade.get() > before);
      await().until(() -> count(EventStatus.PROCESSING) == 0);
    }

    assertThat(handler.callsMade.get()).as("one probe a turn").isEqualTo(callsMade + 10);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 20L);
    handler.callFails.set(false);
    clock.advance(Duration.ofSeconds(10));
    dispatcher.wake();
    await().until(() -> count(EventStatus.SUCCESS) == 20);
    assertThat(event("e0").attempts()).isEqualTo(1);
  }

  /** Its answer alone looks like an outage: the probes must not all be spent on it. */
  @Test
  void oneEventThatAlwaysMeetsAnOutageKeepsNoBreakerOpen() {
    handler.calls = provider;
    handler.callFails.set(true);
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("poison" + i));
    }
    dispatcher.start();
    await().until(() -> !provider.isUp());
    await().until(() -> count(EventStatus.PROCESSING) == 0);
    handler.callFails.set(false);
    store.append(Events.pending("good"));

    for (int i = 0; i < 2; i++) {
      int before = handler.callsMade.get();
      clock.advance(Duration.ofSeconds(10));
      dispatcher.wake();
      await().until(() -> handler.callsMade.get() > before);
      await().until(() -> count(EventStatus.PROCESSING) == 0);
    }

    awaitStatus("good", EventStatus.SUCCESS);
  }

  @Test
  void anOutageOfTheCrmHoldsBackOnlyItsLanes() {
    handler.calls = crm;
    handler.callFails.set(true);
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("tag" + i, Lane.crm(1, "loc")));
    }
    dispatcher.start();
    await().until(() -> !crm.isUp());
    await().until(() -> count(EventStatus.PROCESSING) == 0);
    handler.plain.add("plain");
    store.append(Events.pending("plain"));
    dispatcher.wake();

    awaitStatus("plain", EventStatus.SUCCESS);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 5L);
    handler.callFails.set(false);
    clock.advance(Duration.ofSeconds(10));
    dispatcher.wake();
    await().until(() -> count(EventStatus.SUCCESS) == 6);
  }

  @Test
  void lanesAreClaimedInTurnEachItsShare() throws Exception {
    handler.block("a");
    handler.block("b");
    for (int i = 0; i < 20; i++) {
      store.append(Events.pending("a" + i));
    }
    store.append(Events.pending("b0", Lane.mercadoPago(2)));
    store.append(Events.pending("b1", Lane.mercadoPago(2)));
    var other = newDispatcher("other");
    try {
      other.runOnce();
      await().until(() -> handler.running.get() == 4);

      assertThat(event("b0").status()).isEqualTo(EventStatus.PROCESSING);
      assertThat(event("b1").status()).isEqualTo(EventStatus.PROCESSING);
      assertThat(count(EventStatus.PROCESSING)).isEqualTo(4);
    } finally {
      handler.finishAll();
      other.stop();
    }
  }

  /** Two slow lanes have taken all slots; what comes for another waits for none of these. */
  @Test
  void anIdleLaneIsServedThoughAllSlotsAreTaken() {
    handler.block("slow");
    for (int i = 0; i < 8; i++) {
      store.append(Events.pending("slow" + i, Lane.mercadoPago(i % 2 + 1)));
    }
    dispatcher.start();
    await().until(() -> handler.running.get() >= 4);

    store.append(Events.pending("quick", Lane.crm(1, "loc")));
    awaitStatus("quick", EventStatus.SUCCESS);
    assertThat(count(EventStatus.SUCCESS)).isEqualTo(1);
  }

  @Test
  void aRefusedLaneIsProbedAndReleasedByItself() {
    Lane refused = Lane.mercadoPago(2);
    handler.calls = provider;
    handler.refusedLanes.add(refused);
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("refused" + i, refused));
    }
    dispatcher.start();
    await().until(() -> !provider.lane(refused.code()).isUp());
    await().until(() -> count(EventStatus.PROCESSING) == 0);
    store.append(Events.pending("good"));
    awaitStatus("good", EventStatus.SUCCESS);
    assertThat(provider.answers()).isTrue();
    assertThat(count(EventStatus.PENDING)).isEqualTo(5);

    int before = handler.callsMade.get();
    clock.advance(Duration.ofSeconds(10));
    dispatcher.wake();
    await().until(() -> handler.callsMade.get() == before + 1);
    await().until(() -> count(EventStatus.PROCESSING) == 0);
    handler.refusedLanes.clear();
    clock.advance(Duration.ofSeconds(10));
    dispatcher.wake();
    await().until(() -> count(EventStatus.SUCCESS) == 6);
  }

  @Test
  void aPausedLaneWaitsAndTheOthersGoOn() throws Exception {
    Set<Lane> held = ConcurrentHashMap.newKeySet();
    held.add(Lane.mercadoPago(2));
    Dispatcher some =
        newDispatcher("some", config, new Lanes(List.of(), Claims.KINDS, held::contains));
    some.start();
    try {
      store.append(Events.pending("held", Lane.mercadoPago(2)));
      store.append(Events.pending("other"));
      awaitStatus("other", EventStatus.SUCCESS);
      assertThat(event("held").status()).isEqualTo(EventStatus.PENDING);

      held.clear();
      awaitStatus("held", EventStatus.SUCCESS);
    } finally {
      some.stop();
    }
  }

  @Test
  void whatANewerVersionHasWrittenIsLeftToIt() {
    store.append(Events.pending("lane", new Lane("zz:1")));
    store.append(Events.pending("message", Lane.endpoint(7)));
    store.append(Events.pending("origin"));
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET origin = 'x' WHERE webhook_id = 'origin'"));
    dispatcher.start();
    store.append(Events.pending("known"));

    awaitStatus("known", EventStatus.SUCCESS);
    assertThat(count(EventStatus.PENDING)).isEqualTo(3);
    assertThat(database.count("webhook_attempts")).isEqualTo(1);
  }

  @Test
  void whatIsLeftInAnotherLaneOfTheAccountIsPutIntoItsOwnAtAnyTime() {
    Lane home = Lane.crm(1, "new");
    Map<Long, Lane> homes = Map.of(1L, home);
    store.append(Events.pending("before", Lane.crm(1, "old")));
    dispatcher.keepIn(() -> homes);
    dispatcher.start();
    awaitStatus("before", EventStatus.SUCCESS);
    assertThat(event("before").lane()).isEqualTo(home);

    store.append(Events.pending("later", Lane.crm(1, "old")), clock.instant().plusSeconds(60));
    await().until(() -> event("later").lane().equals(home));
  }

  /** No worker waits for a permit, and what finds none is not counted. */
  @Test
  void anAttemptThatFindsItsRateUsedUpIsHandedBackUncounted() throws Exception {
    Lane location = Lane.crm(1, "loc");
    var nanos = new AtomicLong();
    var limited =
        new RemoteSystem(
            "gohighlevel",
            config.breakerFailures(),
            config.probeEvery(),
            clock,
            code -> new PacedRate("crm", 1, 100, () -> 1, nanos::get));
    handler.calls = limited;
    limited.lane(location.code()).call(() -> "the turn's only call");
    store.append(Events.pending("tag", location));
    Dispatcher some = newDispatcher("some", config, new Lanes(List.of(limited), Claims.KINDS));
    some.runOnce();
    assertThat(event("tag").status()).as("there is no room for it").isEqualTo(EventStatus.PENDING);
    assertThat(event("tag").claimNo()).isZero();

    Dispatcher careless = newDispatcher("careless", config, NO_LIMITS);
    careless.runOnce();
    await().until(() -> attempts("tag").size() == 1);
    assertThat(attempts("tag").get(0).outcome()).isEqualTo(AttemptOutcome.SNOOZED);
    assertThat(event("tag").attempts()).isZero();
    assertThat(event("tag").nextRetryAt()).isAfterOrEqualTo(clock.instant().plusSeconds(10));

    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    clock.advance(Duration.ofSeconds(12));
    some.wake();
    some.runOnce();
    awaitStatus("tag", EventStatus.SUCCESS);
    some.stop();
    careless.stop();
  }

  /** At a poll a second, so that only the rate's own time can have woken it. */
  @Test
  void aLaneIsWorkedOffAsFastAsItsRateAllows() throws Exception {
    var slowly =
        Jackson.newObjectMapper()
            .readValue("{\"workers\": 4, \"pollInterval\": \"1h\"}", DispatchConfiguration.class);
    var limited =
        new RemoteSystem(
            "gohighlevel",
            config.breakerFailures(),
            config.probeEvery(),
            clock,
            code -> new PacedRate("crm", 99, 1_000_000, () -> 1, System::nanoTime));
    handler.calls = limited;
    for (int i = 0; i < 20; i++) {
      store.append(Events.pending("tag" + i, Lane.crm(1, "loc")));
    }
    Dispatcher some = newDispatcher("some", slowly, new Lanes(List.of(limited), Claims.KINDS));
    some.start();
    try {
      await().until(() -> count(EventStatus.SUCCESS) == 20);
    } finally {
      some.stop();
    }
  }

  @Test
  void anEventThatWasTwiceLostWithItsProcessRunsAlone() {
    store.append(Events.pending("killer"));
    for (int i = 0; i < 2; i++) {
      store.claim(Claims.due("dead", 1, config.lease()));
      clock.advance(config.lease().plusSeconds(1));
      store.rescueExpired(10);
    }
    handler.block("killer");
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("other" + i));
    }
    dispatcher.start();

    await().until(() -> event("killer").status() == EventStatus.PROCESSING);
    dispatcher.wake();
    await().during(Duration.ofMillis(200)).until(() -> count(EventStatus.PENDING) == 5);
    handler.finishAll();
    await().until(() -> count(EventStatus.SUCCESS) == 6);
    assertThat(handler.besideKiller).hasValue(0);
  }

  @Test
  void stoppingLetsWhatRunsFinishAndHandsTheRestBackUncounted() throws Exception {
    handler.block("quick");
    handler.block("stuck");
    store.append(Events.pending("quick"));
    store.append(Events.pending("stuck"));
    var other = newDispatcher("other");
    other.start();
    await().until(() -> handler.running.get() == 2);
    handler.finish("quick");

    other.stop();

    assertThat(event("quick").status()).isEqualTo(EventStatus.SUCCESS);
    assertThat(event("stuck").status()).isEqualTo(EventStatus.PENDING);
    assertThat(event("stuck").attempts()).isZero();
    assertThat(attempts("stuck"))
        .extracting(Attempt::outcome)
        .containsExactly(AttemptOutcome.RELEASED);
    store.append(Events.pending("late"));
    other.wake();
    assertThat(event("late").status()).as("stopped").isEqualTo(EventStatus.PENDING);
  }

  @Test
  void whatIsClaimedAheadNeverRunsBesideTheOthersAndIsHandedBackUncounted() throws Exception {
    handler.block("slow");
    for (int i = 0; i < 4; i++) {
      store.append(Events.pending("quick" + i));
    }
    for (int i = 0; i < 40; i++) {
      store.append(Events.pending("slow" + i));
    }
    var other = newDispatcher("other");

    other.runOnce();
    await().until(() -> count(EventStatus.SUCCESS) == 4);
    other.runOnce();

    await().until(() -> handler.running.get() == 4);
    assertThat(count(EventStatus.PROCESSING)).as("as four ended, two are ahead").isEqualTo(6);
    other.stop();
    assertThat(handler.mostAtOnce).hasValueLessThanOrEqualTo(4);
    assertThat(count(EventStatus.PENDING)).isEqualTo(40);
    for (int i = 0; i < 40; i++) {
      assertThat(event("slow" + i).attempts()).isZero();
    }
  }

  private long count(EventStatus status) {
    return reader.countByStatus(Scope.everything()).getOrDefault(status, 0L);
  }

  private void awaitStatus(String webhookId, EventStatus status) {
    await().until(() -> event(webhookId).status() == status);
  }

  private void awaitStatus(String webhookId, EventStatus status, AttemptOutcome last) {
    await()
        .until(
            () -> {
              List<Attempt> attempts = attempts(webhookId);
              return event(webhookId).status() == status
                  && !attempts.isEmpty()
                  && attempts.get(attempts.size() - 1).outcome() == last;
            });
  }

  private WebhookEvent event(String webhookId) {
    return reader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }

  private List<Attempt> attempts(String webhookId) {
    return reader.attempts(Scope.everything(), event(webhookId).id());
  }

  /** Does what the test wrote down for an event; else succeeds. */
  private static final class ScriptedHandler implements Handlers.Work {
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> blocks = new ConcurrentHashMap<>();
    private final Set<String> plain = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger besideKiller = new AtomicInteger();
    private final AtomicInteger callsMade = new AtomicInteger();
    private final AtomicBoolean callFails = new AtomicBoolean();
    private final Set<Lane> refusedLanes = ConcurrentHashMap.newKeySet();
    private volatile @Nullable RemoteSystem calls;

    /** Events whose id begins like this wait until the test lets them go. */
    void block(String prefix) {
      blocks.put(prefix, new CountDownLatch(1));
    }

    void finish(String prefix) {
      CountDownLatch latch = blocks.get(prefix);
      if (latch != null) {
        latch.countDown();
      }
    }

    void finishAll() {
      blocks.values().forEach(CountDownLatch::countDown);
    }

    @Override
    public Outcome handle(WebhookEvent event, AttemptLog attempt) {
      int now = running.incrementAndGet();
      mostAtOnce.accumulateAndGet(now, Math::max);
      if (event.webhookId().equals("killer")) {
        besideKiller.set(now - 1);
      }
      try {
        return script(event);
      } finally {
        running.decrementAndGet();
      }
    }

    private Outcome script(WebhookEvent event) {
      Throwable failure = failures.get(event.webhookId());
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      for (Map.Entry<String, CountDownLatch> block : blocks.entrySet()) {
        if (event.webhookId().startsWith(block.getKey())) {
          try {
            block.getValue().await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.retry("interrupted", "interrupted", null);
          }
        }
      }
      RemoteSystem downstream = calls;
      if (downstream != null && !plain.contains(event.webhookId())) {
        return call(downstream, event);
      }
      return outcomes.getOrDefault(event.webhookId(), Outcome.done());
    }

    private Outcome call(RemoteSystem downstream, WebhookEvent event) {
      try {
        return downstream
            .lane(event.lane().code())
            .call(
                () -> {
                  callsMade.incrementAndGet();
                  if (refusedLanes.contains(event.lane())) {
                    throw new RemoteException.Unauthorized("401", 401);
                  }
                  if (callFails.get() || event.webhookId().startsWith("poison")) {
                    throw new RemoteException.Unavailable("refused", null, null, null);
                  }
                  return Outcome.done();
                });
      } catch (RemoteException e) {
        return RemoteFailures.ofLookUp(downstream.name(), "1", e);
      }
    }
  }
}

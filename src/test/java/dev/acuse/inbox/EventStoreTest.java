package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.database.CallWatch;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.AttemptStep;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.event.Lease;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Reason;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.Ticket;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract that the store keeps on both engines. */
@ParameterizedClass
@EnumSource
class EventStoreTest {
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final Engine engine;

  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EventStore store;
  private EventReader reader;

  EventStoreTest(Engine engine) {
    this.engine = engine;
  }

  @BeforeEach
  void open() {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aDeliveryThatComesTwiceIsOneEvent() {
    assertThat(store.append(Events.pending("a"))).isTrue();
    assertThat(store.append(Events.pending("a"))).isFalse();
    store.countDeliveries(new TreeMap<>(Map.of(new EventKey(Place.MAIN_ACCOUNT, "a"), 1)));

    assertThat(reader.page(Scope.everything(), EventFilter.ALL, null, 10))
        .singleElement()
        .satisfies(event -> assertThat(event.deliveries()).isEqualTo(2));
  }

  @Test
  void fiftyConcurrentCopiesAreOneEvent() throws Exception {
    List<Boolean> stored = concurrently(50, () -> store.append(Events.pending("same")));

    assertThat(stored).filteredOn(Boolean::booleanValue).hasSize(1);
    assertThat(reader.countByStatus(Scope.everything())).containsEntry(EventStatus.PENDING, 1L);
  }

  @Test
  void theBytesOfABodyComeBackUnchanged() {
    byte[] body = {0, (byte) 0xff, (byte) 0xfe, '{', '\\', 'u', '0', '0', '0', '0', '\n'};
    var event =
        new NewEvent(
            "raw",
            "mp",
            "payment",
            null,
            "1",
            EventStatus.PENDING,
            null,
            SignatureState.VERIFIED,
            EventOrigin.WEBHOOK,
            body,
            null,
            Map.of());
    store.append(event);

    long id = reader.findByWebhookId(Scope.everything(), "raw").orElseThrow().id();
    assertThat(reader.payload(Scope.everything(), id)).hasValue(body);
  }

  @Test
  void aClaimTakesDueEventsInOrderAndNeverMoreThanAsked() {
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("e" + i), clock.instant().minusSeconds(10 - i));
    }
    store.append(Events.pending("later"), clock.instant().plusSeconds(1));

    assertThat(claim("a", 3)).extracting(WebhookEvent::webhookId).containsExactly("e0", "e1", "e2");
    assertThat(claim("b", 10)).extracting(WebhookEvent::webhookId).containsExactly("e3", "e4");
    assertThat(claim("b", 10)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(claim("b", 10)).extracting(WebhookEvent::webhookId).containsExactly("later");
  }

  @Test
  void aClaimCountsTheAttemptAndLeasesTheEvent() {
    store.append(Events.pending("a"));

    WebhookEvent claimed = claim("me", 1).get(0);

    assertThat(claimed.status()).isEqualTo(EventStatus.PROCESSING);
    assertThat(claimed.attempts()).isEqualTo(1);
    assertThat(claimed.claimNo()).isEqualTo(1);
    assertThat(claimed.leaseOwner()).isEqualTo("me");
    assertThat(claimed.leaseExpiresAt()).isEqualTo(clock.instant().plus(LEASE));
    assertThat(claimed.nextRetryAt()).isNull();
    assertThat(claimed).isEqualTo(reader.find(Scope.everything(), claimed.id()).orElseThrow());
  }

  @Test
  void twoClaimersNeverGetTheSameEvent() throws Exception {
    for (int i = 0; i < 300; i++) {
      store.append(Events.pending("e" + i));
    }
    // H2 belongs to one process, and that has one claimer.
    int claimers = engine == Engine.H2 ? 1 : 4;
    Set<Long> seen = ConcurrentHashMap.newKeySet();

    List<Integer> claimed =
        concurrently(
            claimers,
            () -> {
              int mine = 0;
              String owner = "w" + Thread.currentThread().getId();
              List<WebhookEvent> batch = claim(owner, 7);
              while (!batch.isEmpty()) {
                batch.forEach(event -> assertThat(seen.add(event.id())).isTrue());
                mine += batch.size();
                batch = claim(owner, 7);
              }
              return mine;
            });

    assertThat(claimed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(300);
    assertThat(seen).hasSize(300);
  }

  @Test
  void whoeverHoldsTheLeaseEndsTheEventHoweverBusyTheTableIs() throws Exception {
    int events = 400;
    var queue = new LinkedBlockingQueue<WebhookEvent>();
    var claimer = Executors.newSingleThreadExecutor();
    try {
      Future<?> claiming =
          claimer.submit(
              () -> {
                int claimed = 0;
                while (claimed < events) {
                  store.rescueExpired(10);
                  store.anyDueAlone(Claims.KINDS, Set.of());
                  List<WebhookEvent> batch = claim("me", 5);
                  claimed += batch.size();
                  queue.addAll(batch);
                }
              });
      var number = new AtomicInteger();
      List<Integer> lost =
          concurrently(
              8,
              () -> {
                int mine = 0;
                for (int i = 0; i < events / 8; i++) {
                  String key = "e" + number.incrementAndGet();
                  store.append(Events.pending(key));
                  store.countDeliveries(
                      new TreeMap<>(Map.of(new EventKey(Place.MAIN_ACCOUNT, key), 1)));
                  WebhookEvent event = Objects.requireNonNull(queue.poll(30, TimeUnit.SECONDS));
                  mine += end(event, Next.SUCCEED) ? 0 : 1;
                }
                return mine;
              });
      claiming.get();

      assertThat(lost).containsOnly(0);
      assertThat(reader.countByStatus(Scope.everything()))
          .containsEntry(EventStatus.SUCCESS, (long) events);
    } finally {
      claimer.shutdownNow();
    }
  }

  @Test
  void successEndsAnEventAndKeepsWhatItWasAbout() {
    store.append(Events.pending("a"));
    WebhookEvent claimed = claim("me", 1).get(0);

    assertThat(end(claimed, Next.SUCCEED)).isTrue();

    WebhookEvent done = reader.find(Scope.everything(), claimed.id()).orElseThrow();
    assertThat(done.status()).isEqualTo(EventStatus.SUCCESS);
    assertThat(done.mpPaymentId()).isEqualTo("138400000001");
    assertThat(done.preferenceId()).isEqualTo("pref-1");
    assertThat(done.leaseOwner()).isNull();
    assertThat(done.finishedAt()).isEqualTo(clock.instant());
    assertThat(reader.attempts(Scope.everything(), claimed.id()))
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.number()).isEqualTo(1);
              assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.SUCCESS);
              assertThat(attempt.steps())
                  .containsExactly(
                      new AttemptStep("look-up", clock.instant(), 12, "ok", "status approved"));
            });
  }

  @Test
  void ignoredAndFailedEventsKeepTheReason() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    List<WebhookEvent> claimed = claim("me", 2);

    end(claimed.get(0), Next.IGNORE);
    end(claimed.get(1), Next.FAIL);

    assertThat(reader.find(Scope.everything(), claimed.get(0).id()).orElseThrow())
        .satisfies(
            event -> {
              assertThat(event.status()).isEqualTo(EventStatus.IGNORED);
              assertThat(event.lastError()).isEqualTo("what went wrong");
            });
    assertThat(reader.find(Scope.everything(), claimed.get(1).id()).orElseThrow())
        .satisfies(
            event -> {
              assertThat(event.status()).isEqualTo(EventStatus.FAILED);
              assertThat(event.lastErrorKind()).isEqualTo("kind");
            });
  }

  @Test
  void aRetryCountsAndAnOutageOrAHandBackDoesNot() {
    store.append(Events.pending("a"));
    Instant due = clock.instant();

    WebhookEvent first = claim("me", 1).get(0);
    end(first, Next.retry(due));
    assertThat(event("a").attempts()).isEqualTo(1);

    WebhookEvent second = claim("me", 1).get(0);
    assertThat(second.attempts()).isEqualTo(2);
    Instant outageAt = clock.instant();
    end(second, Next.waitFor("mercadopago", due));
    assertThat(event("a").attempts()).isEqualTo(1);
    assertThat(event("a").outages()).isEqualTo(1);
    assertThat(event("a").waitsFor()).isEqualTo("mercadopago");

    clock.advance(Duration.ofMinutes(1));
    WebhookEvent third = claim("me", 1).get(0);
    end(third, Next.waitFor("mercadopago", clock.instant()));
    assertThat(event("a").outageSince()).as("of the first outage").isEqualTo(outageAt);

    WebhookEvent fourth = claim("me", 1).get(0);
    end(fourth, Next.handBack(clock.instant()));
    assertThat(event("a").attempts()).isEqualTo(1);
    assertThat(event("a").waitsFor()).isEqualTo("mercadopago");
    assertThat(event("a").claimNo()).as("never shrinks").isEqualTo(4);
    assertThat(reader.attempts(Scope.everything(), event("a").id())).hasSize(4);
  }

  @Test
  void endsOfEveryKindGoTogetherEachByItsOwnRule() {
    List.of("a", "b", "c", "d", "e", "f").forEach(key -> store.append(Events.pending(key)));
    List<WebhookEvent> claimed = claim("me", 6);
    Instant due = clock.instant().plusSeconds(60);

    List<Boolean> ended =
        store.end(
            List.of(
                attemptEnd(claimed.get(5), Next.handBack(due)),
                attemptEnd(claimed.get(0), Next.SUCCEED),
                attemptEnd(claimed.get(3), Next.retry(due)),
                attemptEnd(claimed.get(4), Next.waitFor("gohighlevel", due)),
                attemptEnd(claimed.get(2), Next.FAIL),
                attemptEnd(claimed.get(0), Next.SUCCEED),
                attemptEnd(claimed.get(1), Next.IGNORE)));

    assertThat(ended)
        .as("the second end of one")
        .containsExactly(true, true, true, true, true, false, true);
    assertThat(List.of("a", "b", "c", "d", "e", "f"))
        .extracting(key -> event(key).status().code() + " " + event(key).attempts())
        .containsExactly(
            "success 1", "ignored 1", "failed 1", "pending 1", "pending 0", "pending 0");
    assertThat(event("e").waitsFor()).as("of its lane").isEqualTo("mercadopago");
    assertThat(claimed)
        .allSatisfy(
            event -> assertThat(reader.attempts(Scope.everything(), event.id())).hasSize(1));
  }

  /** A database that lost its last commits, as in a failover, has given the same id once more. */
  @Test
  void anEndLeavesTheLeaseThatIsAnothersByNow() {
    store.append(Events.pending("a"));
    WebhookEvent claimed = claim("me", 1).get(0);
    database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE webhook_leases SET owner = 'other'"));

    assertThat(end(claimed, Next.SUCCEED)).isFalse();

    assertThat(leases()).isEqualTo(1);
    assertThat(claim("third", 1)).isEmpty();
  }

  @Test
  void whoeverLostTheLeaseChangesNothing() {
    store.append(Events.pending("a"));
    WebhookEvent lost = claim("slow", 1).get(0);
    clock.advance(LEASE.plusSeconds(1));
    assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(1, 0));
    WebhookEvent current = claim("slow", 1).get(0);
    WebhookEvent before = event("a");

    assertThat(end(lost, Next.SUCCEED)).isFalse();
    assertThat(end(lost, Next.IGNORE)).isFalse();
    assertThat(end(lost, Next.FAIL)).isFalse();
    assertThat(end(lost, Next.retry(clock.instant()))).isFalse();
    assertThat(end(lost, Next.waitFor("x", clock.instant()))).isFalse();
    assertThat(end(lost, Next.handBack(clock.instant()))).isFalse();
    assertThat(event("a")).isEqualTo(before);
    assertThat(reader.attempts(Scope.everything(), before.id()))
        .extracting(Attempt::number)
        .containsExactly(1L);

    assertThat(end(current, Next.SUCCEED)).isTrue();
  }

  @Test
  void anExpiredLeaseLeavesAnAttemptAndCountsAsARescue() {
    store.append(Events.pending("a"));
    claim("gone", 1);
    assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(0, 0));
    clock.advance(LEASE.plusSeconds(1));

    store.rescueExpired(10);

    assertThat(event("a").status()).isEqualTo(EventStatus.PENDING);
    assertThat(event("a").rescues()).isEqualTo(1);
    assertThat(event("a").attempts()).as("counted at the claim").isEqualTo(1);
    assertThat(reader.attempts(Scope.everything(), event("a").id()))
        .singleElement()
        .satisfies(
            attempt -> {
              assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.LEASE_EXPIRED);
              assertThat(attempt.worker()).isEqualTo("gone");
              assertThat(attempt.error()).contains("process gone");
            });
  }

  @Test
  void aRenewedLeaseIsNotRescued() {
    store.append(Events.pending("a"));
    WebhookEvent claimed = claim("me", 1).get(0);
    clock.advance(LEASE.minusSeconds(1));

    assertThat(store.renew("me", List.of(claimed.id()), LEASE)).isTrue();
    assertThat(store.renew("other", List.of(claimed.id()), LEASE)).isFalse();
    clock.advance(LEASE.minusSeconds(1));

    assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(0, 0));
  }

  @Test
  void aLeaseGoesWithTheLastOfItsEvents() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    List<WebhookEvent> claimed = claim("me", 2);

    end(claimed.get(0), Next.SUCCEED);
    assertThat(leases()).isEqualTo(1);
    assertThat(statuses()).containsExactly("success", "processing");
    end(claimed.get(1), Next.SUCCEED);

    assertThat(leases()).isZero();
    assertThat(statuses()).containsExactly("success", "success");
  }

  @Test
  void aLeaseGoesWithTheLastOfItsEventsThoughTheyEndAtOnce() throws Exception {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    List<WebhookEvent> claimed = claim("me", 2);
    try (Handle other = database.jdbi().open()) {
      other.begin();
      other.execute("UPDATE webhook_events SET deliveries = 2 WHERE webhook_id = 'a'");
      CompletableFuture<Boolean> first =
          CompletableFuture.supplyAsync(() -> end(claimed.get(0), Next.SUCCEED));
      await().until(this::somebodyWaitsForALock);

      end(claimed.get(1), Next.SUCCEED);
      assertThat(leases()).isEqualTo(1);
      other.commit();

      assertThat(first.get()).isTrue();
    }
    assertThat(leases()).isZero();
    assertThat(statuses()).containsExactly("success", "success");
  }

  @Test
  void whatEndsWhileItIsCountedIsCountedOnce() {
    store.append(Events.pending("a"));
    WebhookEvent claimed = claim("me", 1).get(0);
    var ended = new AtomicBoolean();
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                // By now the leases have been read.
                if (context.getRenderedSql().contains("COUNT(*)")
                    && ended.compareAndSet(false, true)) {
                  end(claimed, Next.SUCCEED);
                }
              }
            });

    assertThat(
            reader.countByStatus(Scope.everything()).values().stream()
                .mapToLong(Long::longValue)
                .sum())
        .isEqualTo(1);
    assertThat(ended).isTrue();
  }

  @Test
  void whatIsTriedAgainDoesNotWaitForThoseThatWereClaimedWithIt() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    List<WebhookEvent> claimed = claim("me", 2);
    end(claimed.get(0), Next.retry(clock.instant()));

    List<WebhookEvent> again = claim("other", 2);

    assertThat(again).extracting(WebhookEvent::webhookId).containsExactly("a");
    assertThat(again.get(0).claimNo()).isEqualTo(2);
    assertThat(statuses()).containsExactly("processing", "processing");
    assertThat(end(again.get(0), Next.SUCCEED)).isTrue();
    assertThat(end(claimed.get(1), Next.SUCCEED)).isTrue();
    assertThat(leases()).isZero();
  }

  @Test
  void onlyWhatHasNotEndedIsRescuedFromALeaseThatRanOut() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    store.append(Events.pending("c"));
    List<WebhookEvent> claimed = claim("gone", 3);
    end(claimed.get(0), Next.SUCCEED);
    end(claimed.get(1), Next.retry(clock.instant().plus(LEASE).plus(LEASE)));
    clock.advance(LEASE.plusSeconds(1));

    assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(1, 0));

    assertThat(statuses()).containsExactly("success", "pending", "pending");
    assertThat(event("b").rescues()).isZero();
    assertThat(event("c").rescues()).isEqualTo(1);
    assertThat(leases()).isZero();
    assertThat(claim("me", 3)).extracting(WebhookEvent::webhookId).containsExactly("c");
  }

  /** Or it would be claimed again under the number that the lost end may still come with. */
  @Test
  void anEndThatCouldNotBeRecordedKeepsItsLeaseThoughTheOthersEnd() {
    store.append(Events.pending("a"));
    store.append(Events.pending("b"));
    List<WebhookEvent> claimed = claim("me", 2);
    AttemptEnd possible = attemptEnd(claimed.get(0), Next.SUCCEED);
    var impossible =
        new AttemptEnd(possible.next(), possible.lease(), possible.attempt(), null, null, 4711L);
    assertThatThrownBy(() -> store.end(List.of(impossible))).isInstanceOf(JdbiException.class);

    end(claimed.get(1), Next.SUCCEED);

    assertThat(claim("other", 2)).isEmpty();
    clock.advance(LEASE.plusSeconds(1));
    assertThat(store.rescueExpired(10)).isEqualTo(new EventStore.Rescue(1, 0));
    assertThat(claim("other", 2)).extracting(WebhookEvent::claimNo).containsExactly(2L);
  }

  @Test
  void whatIsLeasedIsCountedAndFoundAsBeingProcessed() {
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("e" + i), clock.instant().minusSeconds(10 - i));
    }
    claim("me", 2);

    Map<EventStatus, Long> expected =
        Map.of(EventStatus.PENDING, 3L, EventStatus.PROCESSING, 2L, EventStatus.SUCCESS, 0L);
    assertThat(reader.countByStatus(Scope.everything())).containsAllEntriesOf(expected);
    assertThat(reader.countByStatusUpTo(Scope.everything(), 10).all())
        .containsAllEntriesOf(expected);
    assertThat(reader.countByStatusUpTo(Scope.everything(), 1).others())
        .containsEntry(EventStatus.PENDING, 1L)
        .containsEntry(EventStatus.PROCESSING, 1L);
    assertThat(reader.countDue(Scope.everything())).isEqualTo(3);
    assertThat(
            reader.page(
                Scope.everything(), EventFilter.ALL.withStatus(EventStatus.PROCESSING), null, 10))
        .extracting(WebhookEvent::webhookId)
        .containsExactly("e1", "e0");
    assertThat(
            reader.page(
                Scope.everything(), EventFilter.ALL.withStatus(EventStatus.PENDING), null, 10))
        .extracting(WebhookEvent::webhookId)
        .containsExactly("e4", "e3", "e2");
    assertThat(reader.backlog(Scope.everything()).oldestDueAt())
        .isEqualTo(clock.instant().minusSeconds(8));
    assertThat(
            reader.arrivals(
                Scope.everything(), clock.instant().minusSeconds(60), Duration.ofHours(1)))
        .extracting(arrivals -> arrivals.status().code() + " " + arrivals.count())
        .containsExactlyInAnyOrder("pending 3", "processing 2");
  }

  @Test
  void aClaimThatAnOperatorForestalledTakesNothing() throws Exception {
    store.append(Events.pending("a"));
    long id = event("a").id();
    ExecutorService claimer = Executors.newSingleThreadExecutor();
    try {
      Future<List<WebhookEvent>> claiming =
          database
              .jdbi()
              .inTransaction(
                  operator -> {
                    assertThat(new OperatorDao(operator).ignore(id, clock.instant())).isEqualTo(1);
                    Future<List<WebhookEvent>> begun = claimer.submit(() -> claim("me", 1));
                    await().until(this::somebodyWaitsForALock);
                    return begun;
                  });

      assertThat(claiming.get(30, TimeUnit.SECONDS)).isEmpty();
    } finally {
      claimer.shutdownNow();
    }
    assertThat(event("a").status()).isEqualTo(EventStatus.IGNORED);
    assertThat(leases()).isZero();
  }

  private boolean somebodyWaitsForALock() {
    String waiting =
        switch (engine) {
          case H2 -> "information_schema.sessions WHERE blocker_id IS NOT NULL";
          case POSTGRESQL ->
              "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        };
    return database.count(waiting) > 0;
  }

  @Test
  void anEventThatKeepsKillingItsProcessEndsFailed() {
    store.append(Events.pending("killer"));
    for (int i = 1; i <= 4; i++) {
      List<WebhookEvent> claimed = claim("p" + i, 1);
      if (i > ClaimRequest.RESCUES_BEFORE_ALONE) {
        assertThat(claimed).as("no longer part of an ordinary claim").isEmpty();
        assertThat(store.anyDueAlone(Claims.KINDS, Set.of())).isTrue();
        claimed = store.claim(Claims.alone("p" + i, LEASE));
      }
      assertThat(claimed).hasSize(1);
      clock.advance(LEASE.plusSeconds(1));
      store.rescueExpired(10);
    }

    assertThat(event("killer").status()).isEqualTo(EventStatus.FAILED);
    assertThat(event("killer").lastErrorKind()).isEqualTo("lease_expired");
    assertThat(reader.attempts(Scope.everything(), event("killer").id())).hasSize(4);
  }

  @Test
  void whatWaitsForAnOutageIsProbedAndReleased() {
    store.append(Events.pending("waiting"));
    WebhookEvent claimed = claim("me", 1).get(0);
    end(claimed, Next.waitFor("mercadopago", clock.instant().plus(Duration.ofMinutes(1))));
    store.append(Events.pending("own"));
    end(claim("me", 1).get(0), Next.retry(clock.instant().plusSeconds(30)));

    assertThat(claim("me", 10)).isEmpty();
    assertThat(store.claim(Claims.probe("me", LEASE, Lane.mercadoPago(2)))).isEmpty();
    WebhookEvent probe = store.claim(Claims.probe("me", LEASE, Lane.MAIN)).get(0);
    assertThat(probe.webhookId()).as("not what failed by itself").isEqualTo("waiting");
    end(probe, Next.waitFor("mercadopago", clock.instant().plus(Duration.ofMinutes(5))));

    assertThat(claim("me", 10)).isEmpty();
    assertThat(store.release(Lane.mercadoPago(2))).isZero();
    assertThat(store.release(LaneKind.CRM)).isZero();
    assertThat(store.release(Lane.MAIN)).isEqualTo(1);
    assertThat(claim("me", 10)).extracting(WebhookEvent::webhookId).containsExactly("waiting");
  }

  @Test
  void aSystemThatAnswersAgainReleasesWhatWaitsInAllItsLanes() {
    Lane crm = Lane.crm(1, "loc");
    Instant later = clock.instant().plus(Duration.ofMinutes(1));
    for (Lane lane : List.of(Lane.MAIN, Lane.mercadoPago(20), crm)) {
      store.append(Events.pending(lane.code(), lane));
      end(store.claim(Claims.due("me", 1, LEASE, lane)).get(0), Next.waitFor("it", later));
    }
    assertThat(reader.backlog(Scope.everything()).waiting())
        .isEqualTo(Map.of("mercadopago", 2L, "gohighlevel", 1L));
    assertThat(event("mp:20").waitsFor()).isEqualTo("mercadopago");
    assertThat(event(crm.code()).waitsFor()).isEqualTo("gohighlevel");

    assertThat(store.release(LaneKind.MERCADOPAGO)).isEqualTo(2);
    assertThat(store.claim(Claims.due("me", 9, LEASE, Lane.MAIN, Lane.mercadoPago(20), crm)))
        .extracting(WebhookEvent::webhookId)
        .containsExactly("mp:1", "mp:20");
  }

  @Test
  void whatIsPendingGoesWithTheAccountsLocation() {
    Lane before = Lane.crm(1, "before");
    Lane now = Lane.crm(1, "now");
    store.append(Events.pending("done", before));
    end(store.claim(Claims.due("me", 1, LEASE, before)).get(0), Next.SUCCEED);
    store.append(Events.pending("waiting", before));
    store.append(Events.pending("payment"));
    store.append(Events.pending("others", before));
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET account_id = 2 WHERE webhook_id = 'others'"));

    assertThat(store.move(1, now)).isEqualTo(1);
    assertThat(store.move(1, now)).isZero();
    assertThat(event("waiting").lane()).isEqualTo(now);
    assertThat(event("done").lane()).isEqualTo(before);
    assertThat(laneOf("others")).as("an event of another account").isEqualTo(before.code());
    assertThat(event("payment").lane()).isEqualTo(Lane.MAIN);
  }

  private String laneOf(String webhookId) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT lane FROM webhook_events WHERE webhook_id = :webhookId")
                    .bind("webhookId", webhookId)
                    .mapTo(String.class)
                    .one());
  }

  @Test
  void eachLaneGivesAsManyAsItsShareOfTheMostUrgent() {
    Lane other = Lane.mercadoPago(2);
    for (int i = 0; i < 5; i++) {
      store.append(Events.pending("a" + i), clock.instant().minusSeconds(i));
      store.append(Events.pending("b" + i, other), clock.instant().minusSeconds(i));
    }
    var shares = List.of(new LaneShare(Lane.MAIN, 3), new LaneShare(other, 1));

    assertThat(store.claim(ClaimRequest.due("me", shares, LEASE, Claims.KINDS)))
        .extracting(WebhookEvent::webhookId)
        .containsExactlyInAnyOrder("a4", "a3", "a2", "b4");
    assertThat(store.claim(ClaimRequest.due("me", shares, LEASE, Claims.KINDS)))
        .extracting(WebhookEvent::webhookId)
        .containsExactlyInAnyOrder("a1", "a0", "b3");
    assertThat(store.pendingLanes()).extracting(PendingLane::lane).contains(Lane.MAIN, other);
  }

  @Test
  void whatANewerVersionHasWrittenIsNeverClaimed() {
    store.append(Events.pending("known"));
    store.append(Events.pending("origin"));
    store.append(Events.pending("kind"));
    store.append(Events.pending("lane", new Lane("zz:1")));
    store.append(Events.pending("endpoint", Lane.endpoint(1)));
    database
        .jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "UPDATE webhook_events SET origin = 'new' WHERE webhook_id = 'origin'");
              handle.execute(
                  "UPDATE webhook_events SET origin = 'effect', event_type = 'new'"
                      + " WHERE webhook_id = 'kind'");
              handle.execute("UPDATE webhook_events SET rescues = 2 WHERE webhook_id <> 'known'");
            });

    assertThat(store.anyDueAlone(Claims.KINDS, Set.of())).isFalse();
    assertThat(store.claim(Claims.alone("me", LEASE))).isEmpty();
    database.jdbi().useHandle(handle -> handle.execute("UPDATE webhook_events SET rescues = 0"));
    assertThat(claim("me", 10)).extracting(WebhookEvent::webhookId).containsExactly("known");
    assertThat(store.claim(Claims.probe("me", LEASE, Lane.MAIN))).isEmpty();
  }

  @Test
  void theLanesInWhichSomethingIsPendingAreListedWithTheirFirst() {
    Instant now = clock.instant();
    assertThat(store.pendingLanes()).isEmpty();
    store.append(Events.pending("a"), now.plusSeconds(5));
    store.append(Events.pending("b"), now.plusSeconds(2));
    store.append(Events.pending("c", Lane.mercadoPago(10)), now);
    store.append(Events.pending("d", Lane.crm(1, "loc")), now.minusSeconds(1));
    store.append(Events.quarantined("q", "x"));

    assertThat(store.pendingLanes())
        .containsExactly(
            new PendingLane(Lane.crm(1, "loc"), now.minusSeconds(1), true),
            new PendingLane(Lane.MAIN, now.plusSeconds(2), false),
            new PendingLane(Lane.mercadoPago(10), now, true));
    clock.advance(Duration.ofSeconds(10));
    store.claim(Claims.due("me", 1, LEASE));
    assertThat(reader.backlog(Scope.everything()).oldestDue())
        .as("but for what is held")
        .isEqualTo(
            Map.of(
                Lane.crm(1, "loc"),
                now.minusSeconds(1),
                Lane.MAIN,
                now.plusSeconds(5),
                Lane.mercadoPago(10),
                now));
  }

  @Test
  void theBacklogIsWithoutLanesOfANewerVersion() {
    store.append(Events.pending("message", Lane.endpoint(7)));
    store.append(Events.pending("new", new Lane("zz:1")));

    assertThat(reader.backlog(Scope.everything()).oldestDue()).isEmpty();
  }

  @Test
  void anOutageOfOurOwnDatabaseIsNoOtherSystems() {
    store.append(Events.pending("a"));
    WebhookEvent event = claim("me", 1).get(0);
    Instant later = clock.instant().plus(Duration.ofMinutes(1));
    AttemptEnd end = Ends.of(event, Next.waitFor("database", later), clock.instant());
    Attempt attempt = end.attempt();
    store.end(
        List.of(
            new AttemptEnd(
                end.next(),
                end.lease(),
                new Attempt(
                    attempt.eventId(),
                    attempt.number(),
                    attempt.worker(),
                    attempt.startedAt(),
                    attempt.finishedAt(),
                    attempt.outcome(),
                    Attempt.DATABASE_OUT,
                    "the database is out",
                    null,
                    List.of(),
                    null),
                null,
                null,
                null,
                null)));

    assertThat(event("a").outageSince()).isNotNull();
    assertThat(event("a").waitsFor()).isNull();
    assertThat(reader.backlog(Scope.everything()).waiting()).isEmpty();
  }

  @Test
  void howOftenAnEventMayBeTriedIsOfItsKind() {
    AttemptsAllowed byKind =
        (origin, type) -> origin == EventOrigin.EFFECT ? 9 : type.equals("payment") ? 4 : 2;
    var its =
        new EventStore(database.jdbi(), clock, byKind, new SyncFailure(() -> {}), new CallWatch());
    its.append(Events.pending("a"));
    its.append(Events.pending("b", Lane.crm(1, "loc")));
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "UPDATE webhook_events SET origin = 'effect' WHERE webhook_id = 'b'"));
    assertThat(event("a").maxAttempts()).isEqualTo(4);

    var desk =
        new EventOperations(
            database.jdbi(),
            clock,
            byKind,
            new DueSignal(),
            PurgePace.restless(),
            TestAccounts.MAIN_ALONE);
    OperatorRequest by = new OperatorRequest("ana", "retry", null);
    desk.planRetry(Scope.everything(), List.of(event("a").id(), event("b").id()), by).run();
    assertThat(event("a").maxAttempts()).isEqualTo(4);
    assertThat(event("b").maxAttempts()).isEqualTo(9);
  }

  @Test
  void quarantineIsNeverClaimedAndKeepsToItsBudget() {
    for (int i = 0; i < 10; i++) {
      store.append(Events.quarantined("q" + i, "x".repeat(100)));
    }
    store.append(Events.pending("a"));

    assertThat(claim("me", 100)).extracting(WebhookEvent::webhookId).containsExactly("a");
    Duration old = Duration.ofDays(30);
    assertThat(store.trimQuarantine(Place.MAIN_ACCOUNT, new QuarantineBudget(8, 1_000_000, old)))
        .isEqualTo(2);
    assertThat(store.trimQuarantine(Place.MAIN_ACCOUNT, new QuarantineBudget(100, 500, old)))
        .isEqualTo(3);
    assertThat(
            reader.page(
                Scope.everything(), EventFilter.ALL.withStatus(EventStatus.QUARANTINED), null, 100))
        .extracting(WebhookEvent::webhookId)
        .containsExactly("q9", "q8", "q7", "q6", "q5");
    clock.advance(old.plusDays(1));
    assertThat(store.trimQuarantine(Place.MAIN_ACCOUNT, new QuarantineBudget(100, 1_000, old)))
        .isEqualTo(5);
    assertThat(event("a").status()).isEqualTo(EventStatus.PROCESSING);
  }

  @Test
  void whatNothingProvedAndCameToNothingKeepsToTheBudgetOfQuarantine() {
    for (int i = 0; i < 10; i++) {
      store.append(Events.hint("hint" + i, EventStatus.IGNORED, "x".repeat(100)));
    }
    store.append(Events.hint("waiting", EventStatus.PENDING, ""));
    store.append(Events.pending("genuine"));
    WebhookEvent claimed = claim("me", 100).get(1);
    end(claimed, Next.IGNORE);
    clock.advance(Duration.ofSeconds(1));
    Duration old = Duration.ofDays(30);

    assertThat(store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(8, 1_000_000, old)))
        .isEqualTo(2);
    assertThat(store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(100, 500, old)))
        .isEqualTo(3);
    assertThat(reader.findByWebhookId(Scope.everything(), "hint4")).isEmpty();
    assertThat(reader.findByWebhookId(Scope.everything(), "hint5")).isPresent();
    clock.advance(old.plusDays(1));
    assertThat(store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(100, 1_000, old)))
        .isEqualTo(5);
    assertThat(event("waiting")).isNotNull();
    assertThat(event("genuine")).isNotNull();
  }

  @Test
  void journalIsToldOfJustWhatWasDeleted() {
    List<Ticket> told = new ArrayList<>();
    var journal =
        new ArrivalJournal() {
          @Override
          public Written begin(List<Arrival> arrivals) {
            return () -> {};
          }

          @Override
          public void deleted(Collection<Ticket> tickets) {
            told.addAll(tickets);
          }
        };
    var journaled =
        new EventStore(
            database.jdbi(),
            clock,
            AttemptsAllowed.always(4),
            new SyncFailure(() -> {}),
            new CallWatch(),
            journal);
    for (int i = 0; i < 3; i++) {
      NewEvent hint = Events.hint("hint" + i, EventStatus.IGNORED, "x");
      store.appendAll(List.of(new Arrival(hint, clock.instant(), null, new Ticket("run", i))));
    }
    NewEvent waiting = Events.hint("waiting", EventStatus.PENDING, "x");
    store.appendAll(List.of(new Arrival(waiting, clock.instant(), null, new Ticket("run", 9))));
    store.append(Events.hint("without a ticket", EventStatus.IGNORED, "x"));
    clock.advance(Duration.ofSeconds(1));

    assertThat(
            journaled.trimHints(
                Place.MAIN_ACCOUNT, new QuarantineBudget(2, 1_000, Duration.ofDays(1))))
        .isEqualTo(2);
    assertThat(told).containsExactly(new Ticket("run", 0), new Ticket("run", 1));
  }

  @Test
  void resourceIsProvenByAGenuineWebhookAboutIt() {
    store.append(Events.hint("hint", EventStatus.PENDING, ""));
    assertThat(store.isProven(Place.MAIN_ACCOUNT, "mp", "payment", "138400000001")).isFalse();

    store.append(Events.pending("genuine"));

    assertThat(store.isProven(Place.MAIN_ACCOUNT, "mp", "payment", "138400000001")).isTrue();
    assertThat(store.isProven(Place.MAIN_ACCOUNT, "mp", "payment", "138400000002")).isFalse();
    assertThat(store.isProven(Place.MAIN_ACCOUNT, "mp", "merchant_order", "138400000001"))
        .isFalse();
  }

  private long leases() {
    return database.count("webhook_leases");
  }

  private List<String> statuses() {
    return reader.page(Scope.everything(), EventFilter.ALL, null, 10).stream()
        .sorted(Comparator.comparing(WebhookEvent::id))
        .map(event -> event.status().code())
        .toList();
  }

  private List<WebhookEvent> claim(String owner, int limit) {
    return store.claim(Claims.due(owner, limit, LEASE));
  }

  private WebhookEvent event(String webhookId) {
    return reader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }

  private boolean end(WebhookEvent event, Next next) {
    return store.end(List.of(attemptEnd(event, next))).get(0);
  }

  private AttemptEnd attemptEnd(WebhookEvent event, Next next) {
    String owner = Objects.requireNonNull(event.leaseOwner());
    boolean failed = next.kind() != AttemptEnd.Kind.SUCCEED;
    return new AttemptEnd(
        next,
        new Lease(event.id(), owner, event.claimNo()),
        new Attempt(
            event.id(),
            event.claimNo(),
            owner,
            clock.instant(),
            clock.instant(),
            next.kind().outcome(),
            failed ? "kind" : null,
            failed ? "what went wrong" : null,
            failed ? 500 : null,
            List.of(new AttemptStep("look-up", clock.instant(), 12, "ok", "status approved")),
            failed ? Reason.of(ReasonCode.NOT_FOUND, "mercadopago", "138400000001") : null),
        "138400000001",
        "pref-1",
        null);
  }

  private static <T> List<T> concurrently(int threads, Callable<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      var start = new CountDownLatch(1);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(
            executor.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }
}

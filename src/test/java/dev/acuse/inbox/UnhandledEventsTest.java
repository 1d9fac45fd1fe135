package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.UnhandledFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that no handler took, on both engines. */
@ParameterizedClass
@EnumSource
class UnhandledEventsTest {
  private static final Duration AGE = Duration.ofDays(90);
  private static final Set<EventStatus> ENDED = Set.of(EventStatus.SUCCESS, EventStatus.IGNORED);
  private static final OperatorRequest ANA = new OperatorRequest("ana", "retry-many", "upgraded");
  private static final EventFilter UNHANDLED =
      EventFilter.ALL.withStatus(EventStatus.IGNORED).withErrorKind(Attempt.UNHANDLED_TOPIC);

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventStore store;
  private final UnhandledFixture fixture;
  private final EventReader reader;
  private final EventOperations operations;

  UnhandledEventsTest(Engine engine) {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    fixture = new UnhandledFixture(database, store, clock);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    operations = Desks.of(database.jdbi(), clock, 4);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void topicsAreToldApartByAccountAndByWhetherTheyAreProven() {
    Instant first = clock.instant();
    arrive(1, "rocket", SignatureState.VERIFIED);
    arrive(1, "rocket", SignatureState.VERIFIED);
    arrive(1, "unknown", SignatureState.UNVERIFIABLE);
    arrive(2, "rocket", SignatureState.VERIFIED);
    workOff(Attempt.UNHANDLED_TOPIC);
    clock.advance(Duration.ofHours(3));
    arrive(1, "rocket", SignatureState.UNVERIFIABLE);
    arrive(1, "boat", SignatureState.VERIFIED);
    workOff(Attempt.UNHANDLED_TOPIC);
    arrive(1, "delivery", SignatureState.VERIFIED);
    workOff(null);

    assertThat(reader.unhandled(Scope.of(1)))
        .containsExactly(
            new UnhandledTopic(1, "boat", 1, 0, clock.instant()),
            new UnhandledTopic(1, "rocket", 2, 1, first),
            new UnhandledTopic(1, "unknown", 0, 1, null));
    assertThat(reader.unhandled(Scope.of(2)))
        .containsExactly(new UnhandledTopic(2, "rocket", 1, 0, first));
    assertThat(reader.unhandled(Scope.everything())).hasSize(4);
    assertThat(UnhandledTopic.together(reader.unhandled(Scope.everything())))
        .containsExactly(
            new UnhandledTopic(0, "boat", 1, 0, clock.instant()),
            new UnhandledTopic(0, "rocket", 3, 1, first),
            new UnhandledTopic(0, "unknown", 0, 1, null));
  }

  @Test
  void fiftyTopicsAreToldApartAndAThousandEventsCounted() {
    for (int i = 10; i < 70; i++) {
      arrive(1, "invented-" + i, SignatureState.VERIFIED);
    }
    for (int i = 0; i < 1005; i++) {
      arrive(1, "apple", SignatureState.VERIFIED);
    }
    workOff(Attempt.UNHANDLED_TOPIC);

    List<UnhandledTopic> topics = reader.unhandled(Scope.of(1));

    assertThat(topics).hasSize(51);
    assertThat(topics.get(0)).isEqualTo(new UnhandledTopic(1, "apple", 1000, 0, clock.instant()));
    assertThat(topics.get(50)).isEqualTo(new UnhandledTopic(1, "other", 11, 0, clock.instant()));

    arrive(2, "zebra", SignatureState.VERIFIED);
    workOff(Attempt.UNHANDLED_TOPIC);
    assertThat(UnhandledTopic.together(reader.unhandled(Scope.everything())))
        .hasSize(51)
        .last()
        .isEqualTo(new UnhandledTopic(0, "other", 12, 0, clock.instant()));
  }

  @Test
  void whatIsGenuineIsKeptHoweverOldAndTheRestPurgedAsBefore() {
    long genuine = arrive(1, "rocket", SignatureState.VERIFIED);
    long hint = arrive(1, "unknown", SignatureState.UNVERIFIABLE);
    workOff(Attempt.UNHANDLED_TOPIC);
    long nothingToDo = arrive(1, "delivery", SignatureState.VERIFIED);
    workOff(null);
    clock.advance(Duration.ofDays(400));

    assertThat(operations.purge(AGE, ENDED)).isEqualTo(2);

    assertThat(ids()).containsExactly(genuine).doesNotContain(hint, nothingToDo);
    assertThat(reader.unhandled(Scope.everything()))
        .extracting(UnhandledTopic::topic, UnhandledTopic::all)
        .containsExactly(tuple("rocket", 1L));
    assertThat(database.count("unhandled_events")).isEqualTo(1);

    retryAll(UNHANDLED);
    fixture.workOff(Next.SUCCEED, null);
    clock.advance(Duration.ofDays(400));
    assertThat(operations.purge(AGE, ENDED)).as("it is an ordinary one again").isEqualTo(1);
  }

  @Test
  void aBulkRetrySelectsThemAndWhatIsStillUnhandledIsCountedAgain() {
    arrive(1, "rocket", SignatureState.VERIFIED);
    arrive(1, "rocket", SignatureState.VERIFIED);
    arrive(1, "boat", SignatureState.VERIFIED);
    workOff(Attempt.UNHANDLED_TOPIC);
    arrive(1, "rocket", SignatureState.VERIFIED);
    workOff(null);

    EventFilter rockets = UNHANDLED.withType("rocket");
    assertThat(operations.count(UNHANDLED)).isEqualTo(3);
    assertThat(operations.count(rockets)).isEqualTo(2);
    assertThat(reader.page(Scope.everything(), rockets, null, 9)).hasSize(2);
    assertThat(operations.count(EventFilter.ALL.withErrorKind("elsewhat"))).isZero();
    assertThat(retryAll(rockets)).isEqualTo(2);
    assertThat(reader.unhandled(Scope.everything()))
        .extracting(UnhandledTopic::topic, UnhandledTopic::verified)
        .containsExactly(tuple("boat", 1L));
    assertThat(database.count("unhandled_events")).isEqualTo(1);

    workOff(Attempt.UNHANDLED_TOPIC);
    assertThat(reader.unhandled(Scope.everything()))
        .extracting(UnhandledTopic::topic, UnhandledTopic::verified)
        .containsExactly(tuple("boat", 1L), tuple("rocket", 2L));

    assertThat(retryAll(UNHANDLED)).isEqualTo(3);
    fixture.workOff(Next.SUCCEED, null);
    assertThat(reader.unhandled(Scope.everything())).isEmpty();
    assertThat(operations.count(UNHANDLED)).isZero();
  }

  @Test
  void whatAnOperatorEndsWaitsForNoHandler() {
    long id = arrive(1, "rocket", SignatureState.VERIFIED);
    workOff(Attempt.UNHANDLED_TOPIC);
    retryAll(UNHANDLED);

    assertThat(operations.ignore(Scope.everything(), id, ANA).done()).isTrue();

    assertThat(operations.count(UNHANDLED)).isZero();
    assertThat(reader.unhandled(Scope.everything())).isEmpty();
    clock.advance(Duration.ofDays(400));
    assertThat(operations.purge(AGE, ENDED)).isEqualTo(1);
  }

  @Test
  void anEndWhoseLeaseIsLostLeavesNothing() {
    arrive(1, "rocket", SignatureState.VERIFIED);
    List<AttemptEnd> ends = fixture.claim(Next.IGNORE, Attempt.UNHANDLED_TOPIC);
    clock.advance(Duration.ofHours(1));
    store.rescueExpired(9);

    assertThat(store.end(ends)).containsExactly(false);

    assertThat(database.count("unhandled_events")).isZero();
  }

  @Test
  void hintsOverTheirBudgetLeaveTheTableAsWell() {
    for (int i = 0; i < 20; i++) {
      arrive(1, "unknown", SignatureState.UNVERIFIABLE);
    }
    workOff(Attempt.UNHANDLED_TOPIC);
    clock.advance(Duration.ofSeconds(1));

    store.trimHints(1, new QuarantineBudget(5, 1_000_000, Duration.ofDays(7)));

    assertThat(ids()).hasSize(5);
    assertThat(database.count("unhandled_events")).isEqualTo(5);
  }

  private long arrive(long account, String type, SignatureState signature) {
    return fixture.arrive(account, type, signature);
  }

  private List<Long> ids() {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT id FROM webhook_events ORDER BY id")
                    .mapTo(Long.class)
                    .list());
  }

  private long retryAll(EventFilter filter) {
    return operations.planRetry(filter, ANA, "all of them").run();
  }

  private void workOff(@Nullable String errorKind) {
    fixture.workOff(Next.IGNORE, errorKind);
  }
}

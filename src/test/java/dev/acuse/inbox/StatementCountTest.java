package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the speed of intake and drain rests on: as many statements for a hundred events as for one.
 */
@ParameterizedClass
@EnumSource
class StatementCountTest {
  private static final int MANY = 100;

  private final ManualClock clock = ManualClock.create();
  private final AtomicInteger statements = new AtomicInteger();
  private final Engine engine;
  private final TestDatabase database;
  private final EventStore store;
  private final EventReader reader;
  private int stored;

  StatementCountTest(Engine engine) {
    this.engine = engine;
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.incrementAndGet();
              }
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void storingTakesAsManyForManyAsForOne() {
    int forOne = count(() -> store(1));
    int forMany = count(() -> store(MANY));

    assertThat(forMany).isEqualTo(forOne);
    if (engine == Engine.POSTGRESQL) {
      assertThat(forMany).isEqualTo(1);
    }
  }

  @Test
  void aClaimTakesAsManyForManyAsForOne() {
    store(2 + MANY);
    // H2 asks what of the leased is still at work, if anything is leased.
    claim(1);

    int forOne = count(() -> assertThat(claim(1)).hasSize(1));
    int forMany = count(() -> assertThat(claim(MANY)).hasSize(MANY));

    assertThat(forMany).isEqualTo(forOne);
    if (engine == Engine.POSTGRESQL) {
      assertThat(forMany).isEqualTo(1);
    }
  }

  @Test
  void endsOfOneKindTakeAsManyForManyAsForOne() {
    store(1 + MANY);
    List<WebhookEvent> one = claim(1);
    List<WebhookEvent> many = claim(MANY);

    int forOne = count(() -> end(one));
    int forMany = count(() -> end(many));

    assertThat(forMany).isEqualTo(forOne);
    if (engine == Engine.POSTGRESQL) {
      // The others ask for the lease and delete it.
      assertThat(forMany).isEqualTo(3);
    }
    assertThat(reader.countByStatus(Scope.everything()))
        .containsEntry(EventStatus.SUCCESS, 1L + MANY);
  }

  @Test
  void aPageTakesAsManyForManyAsForOne() {
    store(1);
    int forOne =
        count(
            () ->
                assertThat(reader.page(Scope.everything(), EventFilter.ALL, null, MANY))
                    .hasSize(1));
    store(MANY - 1);
    int forMany =
        count(
            () ->
                assertThat(reader.page(Scope.everything(), EventFilter.ALL, null, MANY))
                    .hasSize(MANY));

    assertThat(forMany).isEqualTo(forOne).isLessThanOrEqualTo(3);
  }

  private int count(Runnable work) {
    int before = statements.get();
    work.run();
    return statements.get() - before;
  }

  private void store(int count) {
    List<Arrival> arrivals =
        IntStream.range(stored, stored + count)
            .mapToObj(
                i -> new Arrival(Events.pending("event-" + i), clock.instant(), clock.instant()))
            .toList();
    stored += count;
    assertThat(store.appendAll(arrivals)).containsOnly(true);
  }

  private List<WebhookEvent> claim(int count) {
    return store.claim(Claims.due("me", count, Duration.ofMinutes(1)));
  }

  private void end(List<WebhookEvent> events) {
    List<AttemptEnd> endings =
        events.stream()
            .map(event -> Ends.of(event, AttemptEnd.Next.SUCCEED, clock.instant()))
            .toList();
    assertThat(store.end(endings)).containsOnly(true);
  }
}

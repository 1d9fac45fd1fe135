package dev.acuse.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Ticket;
import dev.acuse.support.Desks;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Engine.class)
class LedgerTest {
  private static final String INSTANCE = "here";

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventStore store;
  private final Ledger ledger;

  LedgerTest(Engine engine) {
    this.database = TestDatabase.open(engine);
    this.store = new EventStore(database.jdbi(), clock, 4);
    this.ledger = new Ledger(database.jdbi(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void lostRowIsNotAccountedFor() {
    arrive("one", 3);
    write("one", stored(3));
    assertThat(balance("one").rows()).isEqualTo(3);
    assertThat(balance("one").unaccounted()).isZero();

    database
        .jdbi()
        .useHandle(h -> h.execute("DELETE FROM webhook_events WHERE webhook_id = 'one-2'"));

    assertThat(balance("one").unaccounted()).isEqualTo(1);
  }

  @Test
  void whatAnInstancePublishesTheOthersRead() {
    arrive("one", 3);
    write("one", stored(5));
    assertThat(ledger.published("there", 9)).as("nothing is published yet").isEmpty();

    ledger.publish(List.of(balance("one")));

    assertThat(ledger.published(INSTANCE, 9)).as("its own").isEmpty();
    assertThat(ledger.published("there", 9)).containsExactly(balance("one"));
    assertThat(balance("one").unaccounted()).isEqualTo(2);
    write("one", stored(6));
    assertThat(ledger.published("there", 9).get(0).unaccounted())
        .as("as it was drawn, though more has been answered since")
        .isEqualTo(2);
  }

  @Test
  void rowThatAnOperatorPurgedIsAccountedFor() {
    arrive("one", 3);
    write("one", stored(3));
    database
        .jdbi()
        .useHandle(
            h ->
                h.execute(
                    "UPDATE webhook_events SET status = 'success', finished_at = received_at"
                        + " WHERE webhook_id <> 'one-1'"));
    clock.advance(Duration.ofDays(100));

    long purged =
        Desks.of(database.jdbi(), clock, 4).purge(Duration.ofDays(90), Set.of(EventStatus.SUCCESS));

    assertThat(purged).isEqualTo(2);
    assertThat(balance("one").rows()).isEqualTo(1);
    assertThat(balance("one").purged()).isEqualTo(2);
    assertThat(balance("one").unaccounted()).isZero();
  }

  @Test
  void whatWaitsInTheSpoolIsAccountedForAndWhatWasLostThereIsNot() {
    write("one", new IntakeTally(3, 0, 3, 0, 0, 0, Map.of()));

    assertThat(ledger.balances(INSTANCE, 9, run -> 3, List.of()).get(0).unaccounted()).isZero();
    assertThat(ledger.balances(INSTANCE, 9, run -> 2, List.of()).get(0).unaccounted()).isEqualTo(1);
  }

  @Test
  void recordThatWasARowAlreadyIsAccountedForUnlessItIsThatRow() {
    arrive("one", 1);
    Arrival sameRow = arrival("one", 1);
    Arrival otherDelivery =
        new Arrival(
            Events.pending("one-1"), clock.instant(), clock.instant(), new Ticket("one", 7));
    write("one", new IntakeTally(2, 0, 2, 0, 0, 0, Map.of()));

    store.bookDrained(List.of(sameRow, otherDelivery), List.of());

    assertThat(balance("one").drainedDuplicates()).isEqualTo(1);
    assertThat(balance("one").unaccounted()).isZero();
    store.bookDrained(List.of(), List.of(arrival("one", 9)));
    assertThat(balance("one").drainedRejects()).isEqualTo(1);
  }

  @Test
  void rowOfARequestThatWasAnswered503HidesNoLoss() {
    arrive("one", 3);
    write("one", stored(3));
    database
        .jdbi()
        .useHandle(h -> h.execute("DELETE FROM webhook_events WHERE webhook_id = 'one-2'"));
    store.appendAll(List.of(arrival("one", 4)));

    assertThat(
            ledger
                .balances(INSTANCE, 9, run -> 0, List.of(new Ticket("one", 4), new Ticket("x", 1)))
                .get(0)
                .unaccounted())
        .isEqualTo(1);
  }

  @Test
  void killedRunIsClosedFromWhatIsOnDiskAndLosesNothingUnseenAfterwards() {
    arrive("dead", 5);
    write("dead", stored(3));
    write("alive", stored(0));
    ledger.write("elsewhere", "another instance", clock.instant(), stored(0));

    assertThat(ledger.closeKilled(INSTANCE, "alive", Duration.ZERO, run -> 1))
        .as("its spool is being drained")
        .isEmpty();
    assertThat(ledger.closeKilled(INSTANCE, "alive", Duration.ofMinutes(2), run -> 0))
        .as("it was heard of just now")
        .isEmpty();
    assertThat(ledger.closeKilled(INSTANCE, "alive", Duration.ZERO, run -> 0))
        .containsExactly("dead");

    assertThat(balance("dead").closed()).isEqualTo("killed");
    assertThat(balance("dead").tally().stored()).isEqualTo(5);
    assertThat(balance("dead").unaccounted()).isZero();
    database
        .jdbi()
        .useHandle(h -> h.execute("DELETE FROM webhook_events WHERE webhook_id = 'dead-2'"));
    assertThat(balance("dead").unaccounted()).isEqualTo(1);
  }

  @Test
  void killedRunThatHadAnsweredForMoreThanIsThereIsNotBalanced() {
    arrive("dead", 5);
    write("dead", stored(7));

    ledger.closeKilled(INSTANCE, "alive", Duration.ZERO, run -> 0);

    assertThat(balance("dead").unaccounted()).isEqualTo(2);
  }

  @Test
  void requestsAreAnsweredInOneWayEach() {
    var tally = new IntakeTally(20, 3, 2, 4, 1, 5, Map.of("signature", 2L, "empty_body", 1L));
    write("one", tally);

    assertThat(tally.unanswered()).isEqualTo(2);
    assertThat(balance("one").tally()).isEqualTo(tally);
    ledger.close("one");
    assertThat(balance("one").closed()).isEqualTo("stopped");
    assertThat(balance("one").closedAt()).isEqualTo(clock.instant());
  }

  @Test
  void liveInstancesAreThoseThatWereHeardOfWithinAMinute() {
    var mark = new RunMark("1.2.0", "00ff", 0);
    ledger.write("gone", "an-old-one", clock.instant(), stored(0), mark);
    clock.advance(Duration.ofSeconds(61));
    ledger.write("stopped", "stopped", clock.instant(), stored(0), mark);
    ledger.close("stopped");
    ledger.write("killed", "one", clock.instant().minusSeconds(5), stored(0), mark);
    ledger.write("again", "one", clock.instant(), stored(0), new RunMark("1.3.0", "aa00", 0));
    ledger.write("before", "of-the-version-before", clock.instant(), stored(0));
    ledger.write("r1", Ledger.NO_SPOOL, clock.instant(), stored(0), mark);
    ledger.write("r2", Ledger.NO_SPOOL, clock.instant(), stored(0), mark);

    assertThat(ledger.live())
        .containsExactlyInAnyOrder(
            new LiveInstance("of-the-version-before", null, null, null),
            new LiveInstance("one", "1.3.0", "aa00", 0L),
            new LiveInstance("r1", "1.2.0", "00ff", 0L),
            new LiveInstance("r2", "1.2.0", "00ff", 0L));
  }

  private void arrive(String run, int number) {
    for (int i = 1; i <= number; i++) {
      store.appendAll(List.of(arrival(run, i)));
    }
  }

  private Arrival arrival(String run, long number) {
    return new Arrival(
        Events.pending(run + "-" + number),
        clock.instant(),
        clock.instant(),
        new Ticket(run, number));
  }

  private static IntakeTally stored(long number) {
    return new IntakeTally(number, number, 0, 0, 0, 0, Map.of());
  }

  private void write(String run, IntakeTally tally) {
    ledger.write(run, INSTANCE, clock.instant(), tally);
  }

  private IntakeBalance balance(String run) {
    return ledger.balances(INSTANCE, 9, any -> 0, List.of()).stream()
        .filter(balance -> balance.run().equals(run))
        .findFirst()
        .orElseThrow();
  }
}

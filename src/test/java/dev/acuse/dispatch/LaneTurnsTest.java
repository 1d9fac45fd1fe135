package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Lane;
import dev.acuse.inbox.LaneShare;
import dev.acuse.inbox.PendingLane;
import dev.acuse.remote.PacedRate;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.Unauthorized;
import dev.acuse.remote.RemoteException.Unavailable;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.Claims;
import dev.acuse.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who gets how much, by what runs. */
class LaneTurnsTest {
  private static final int WORKERS = 8;

  private final AtomicLong nanos = new AtomicLong();
  private final Set<Lane> paused = new HashSet<>();
  private final RemoteSystem mercadoPago = system("mercadopago");
  private final RemoteSystem crm =
      new RemoteSystem(
          "gohighlevel",
          5,
          Duration.ofSeconds(10),
          ManualClock.create(),
          code -> new PacedRate("crm", 80, 1_000_000, () -> 1, nanos::get));
  private final LaneTurns turns =
      new LaneTurns(new Lanes(List.of(mercadoPago, crm), Claims.KINDS, paused::contains));
  private final FakeRoom room = new FakeRoom();

  @Test
  void oneLaneAloneGetsAll() {
    due(lane(1));

    assertThat(plan().shares()).containsExactly(new LaneShare(lane(1), WORKERS));
  }

  @Test
  void twoLanesGetHalfAndFourOrMoreAFourth() {
    due(lane(1), lane(2));
    assertThat(plan().shares())
        .containsExactly(new LaneShare(lane(1), 4), new LaneShare(lane(2), 4));
    due(lane(3), lane(4), lane(5), lane(6));

    assertThat(plan().shares())
        .extracting(LaneShare::limit)
        .as("in all no more than there are slots, and a few for idle lanes")
        .containsExactly(2, 2, 2, 2, 1, 1);
  }

  @Test
  void whatALaneHasRunningIsPartOfItsShare() {
    due(lane(1), lane(2));
    room.run(lane(1), 3);

    assertThat(plan().shares())
        .containsExactly(new LaneShare(lane(1), 1), new LaneShare(lane(2), 4));
    room.run(lane(1), 2);
    assertThat(plan().shares()).containsExactly(new LaneShare(lane(2), 3));
  }

  @Test
  void lanesTakeTurns() {
    IntStream.rangeClosed(1, 6).forEach(i -> due(lane(i)));
    Map<Lane, Integer> served = new HashMap<>();
    for (int i = 0; i < 6; i++) {
      LaneTurns.Plan plan = plan().upTo(2);
      plan.shares().forEach(share -> served.merge(share.lane(), share.limit(), Integer::sum));
      serveAll(plan);
    }

    assertThat(served).hasSize(6).allSatisfy((lane, events) -> assertThat(events).isEqualTo(2));
  }

  @Test
  void aLaneThatGaveLessThanItsShareHasNothingDue() {
    due(lane(1), lane(2));
    LaneTurns.Plan plan = plan();
    turns.served(plan, Map.of(lane(1), 4, lane(2), 3));

    assertThat(plan().shares()).containsExactly(new LaneShare(lane(1), 8));
    turns.stored(List.of(lane(2)));
    assertThat(plan().shares()).extracting(LaneShare::lane).containsExactly(lane(1), lane(2));
  }

  @Test
  void anIdleLaneFindsAWorkerThoughAllSlotsAreTaken() {
    room.run(lane(1), WORKERS);
    due(lane(1), lane(2), lane(3), lane(4));

    LaneTurns.Plan plan = plan();

    assertThat(plan.shares()).containsExactly(new LaneShare(lane(2), 1), new LaneShare(lane(3), 1));
    assertThat(plan.idle()).containsExactlyInAnyOrder(lane(2), lane(3));
    room.idleTaken = 2;
    assertThat(plan().isEmpty()).isTrue();
  }

  @Test
  void aLaneAloneInABacklogIsClaimedAhead() {
    due(lane(1));
    serveAll(plan());
    room.run(lane(1), WORKERS);
    room.end(lane(1), 2);

    assertThat(plan().shares()).as("twice what ended").containsExactly(new LaneShare(lane(1), 6));
    room.run(lane(1), 6);
    assertThat(plan().isEmpty()).as("nothing ended since").isTrue();
  }

  @Test
  void aLaneThatMovesSlowlyIsNotClaimedAhead() {
    due(lane(1), lane(2));
    serveAll(plan());
    room.run(lane(1), 4);
    room.run(lane(2), 4);
    room.end(lane(2), 3);

    assertThat(plan().shares()).containsExactly(new LaneShare(lane(2), 7));
  }

  @Test
  void aRefusedLaneGetsNothingAndTakesNoShare() throws Exception {
    due(lane(1), lane(2));
    refuse(mercadoPago, lane(1));

    assertThat(plan().shares()).containsExactly(new LaneShare(lane(2), WORKERS));
    assertThat(turns.isMoreDue()).isTrue();
    assertThat(turns.untilRoom(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aSystemThatIsOutHoldsBackItsOwnLanesAlone() {
    due(lane(1), Lane.crm(1, "loc"));
    for (int i = 0; i < 5; i++) {
      fail(crm, Lane.crm(1, "other"));
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }

    assertThat(plan().shares()).extracting(LaneShare::lane).containsExactly(lane(1));
  }

  @Test
  void aPausedLaneGetsNothing() {
    due(lane(1), lane(2));
    paused.add(lane(2));

    assertThat(plan().shares()).extracting(LaneShare::lane).containsExactly(lane(1));
  }

  @Test
  void aLaneGetsAsManyAsItsRateHasRoomFor() {
    Lane location = Lane.crm(1, "loc");
    due(location);
    LaneTurns.Plan plan = plan();
    assertThat(plan.shares()).containsExactly(new LaneShare(location, 1));
    serveAll(plan);

    assertThat(plan().isEmpty()).isTrue();
    assertThat(turns.untilRoom(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(125));
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(125));
    assertThat(plan().shares()).containsExactly(new LaneShare(location, 1));
  }

  /** Between the plan and the question the next turn may begin. */
  @Test
  void aLaneWhoseRateHasRoomAgainIsNotWaitedForAnyMore() {
    Lane location = Lane.crm(1, "loc");
    due(location);
    serveAll(plan());
    assertThat(plan().isEmpty()).isTrue();

    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(125));

    assertThat(turns.untilRoom(Duration.ofMinutes(1))).isZero();
  }

  @Test
  void whatIsPendingBesideItsHomeIsKnown() {
    List<Lane> homes = List.of(Lane.crm(1, "new"));
    due(lane(1), Lane.crm(1, "new"));
    assertThat(turns.isPendingBeside(homes)).isFalse();

    turns.listed(List.of(new PendingLane(Lane.crm(1, "old"), Instant.EPOCH, false)));
    assertThat(turns.isPendingBeside(homes)).isTrue();
  }

  @Test
  void lanesOfANewerVersionGetNothing() {
    due(new Lane("zz:1"), Lane.endpoint(1));
    turns.listed(List.of(new PendingLane(new Lane("zz:1"), Instant.EPOCH, true)));

    assertThat(turns.isMoreDue()).isFalse();
  }

  @Test
  void aListingSaysWhatIsDueAndWhatIsNotAnyMore() {
    due(lane(1));
    turns.listed(
        List.of(
            new PendingLane(lane(2), Instant.EPOCH, true),
            new PendingLane(lane(3), Instant.EPOCH, false)));

    assertThat(plan().shares()).extracting(LaneShare::lane).containsExactly(lane(2));
    assertThat(turns.pending(lane(1).kind())).containsExactly(lane(2), lane(3));
  }

  private static RemoteSystem system(String name) {
    return new RemoteSystem(name, 5, Duration.ofSeconds(10), ManualClock.create());
  }

  private static Lane lane(int number) {
    return Lane.mercadoPago(number);
  }

  private void due(Lane... lanes) {
    turns.stored(List.of(lanes));
  }

  private LaneTurns.Plan plan() {
    return turns.plan(room);
  }

  private void serveAll(LaneTurns.Plan plan) {
    Map<Lane, Integer> claimed = new HashMap<>();
    plan.shares().forEach(share -> claimed.put(share.lane(), share.limit()));
    turns.served(plan, claimed);
  }

  private static void refuse(RemoteSystem system, Lane lane) {
    call(system, lane, new Unauthorized("401", 401));
  }

  private static void fail(RemoteSystem system, Lane lane) {
    call(system, lane, new Unavailable("503", 503, null, null));
  }

  private static void call(RemoteSystem system, Lane lane, RemoteException failure) {
    try {
      system
          .lane(lane.code())
          .call(
              () -> {
                throw failure;
              });
    } catch (RemoteException e) {
      assertThat(e).isSameAs(failure);
    }
  }

  /** Eight slots, half as many ahead, and two for idle lanes. */
  private static final class FakeRoom implements LaneTurns.Room {
    private final Map<Lane, Integer> running = new HashMap<>();
    private final Map<Lane, Integer> ended = new HashMap<>();
    private int idleTaken;

    void run(Lane lane, int events) {
      running.merge(lane, events, Integer::sum);
    }

    void end(Lane lane, int events) {
      running.merge(lane, -events, Integer::sum);
      ended.merge(lane, events, Integer::sum);
    }

    @Override
    public int size() {
      return WORKERS;
    }

    @Override
    public int room(int ahead) {
      int taken = running.values().stream().mapToInt(Integer::intValue).sum();
      return Math.max(0, WORKERS + Math.min(ahead, WORKERS / 2) - taken);
    }

    @Override
    public int idleRoom() {
      return 2 - idleTaken;
    }

    @Override
    public int running(Lane lane) {
      return running.getOrDefault(lane, 0);
    }

    @Override
    public int takeEnded(Lane lane) {
      Integer number = ended.remove(lane);
      return number == null ? 0 : number;
    }
  }
}

package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.event.Lane;
import dev.acuse.support.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimedEventsTest {
  private static final int SLOTS = 4;

  private final ClaimedEvents running = new ClaimedEvents(SLOTS);
  private final List<ClaimedEvents.Entry> entries = new ArrayList<>();

  @Test
  void halfAsManyAsThereAreSlotsMayBeClaimedAhead() {
    add(SLOTS);

    assertThat(running.freeSlots()).isZero();
    assertThat(running.room(1)).isEqualTo(1);
    assertThat(running.room(100)).isEqualTo(SLOTS / 2);
    add(2);
    assertThat(running.room(100)).isZero();
    assertThatThrownBy(() -> add(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatWaitsToBeRecordedCountsToo() {
    add(SLOTS);
    entries.forEach(ClaimedEvents.Entry::end);
    assertThat(running.takeEnded(Lane.MAIN)).isEqualTo(SLOTS);
    assertThat(running.takeEnded(Lane.MAIN)).as("since it was last asked").isZero();
    assertThat(running.room(100)).isEqualTo(SLOTS);
    add(SLOTS);

    assertThat(running.room(100)).isZero();
    entries.forEach(ClaimedEvents.Entry::release);
    assertThat(running.isIdle()).isTrue();
    assertThat(running.room(100)).isEqualTo(SLOTS + SLOTS / 2);
  }

  @Test
  void anEventThatHasNotBegunIsNotTooOld() {
    add(2);
    entries.get(0).begin();

    running.giveUpOlderThan(Duration.ZERO);

    // The interrupt of who is given up was meant for this thread, which ran it.
    assertThat(Thread.interrupted()).isTrue();
    assertThat(running.events()).hasSize(1);
  }

  @Test
  void slotsThatAreKeptForIdleLanesAreNoPartOfTheOthers() {
    var both = new ClaimedEvents(1, 1);
    ClaimedEvents.Entry ordinary = both.add(Events.claimed(1, 0, 0, null, Instant.EPOCH));
    assertThat(both.room(0)).isZero();
    assertThat(both.idleRoom()).isEqualTo(1);
    assertThat(both.running(Lane.MAIN)).isEqualTo(1);

    ClaimedEvents.Entry idle = both.addIdle(Events.claimed(2, 0, 0, null, Instant.EPOCH));
    assertThat(both.idleRoom()).isZero();
    assertThat(both.running(Lane.MAIN)).isEqualTo(2);
    idle.end();
    assertThat(both.idleRoom()).isEqualTo(1);
    assertThat(both.room(0)).as("its slot is no ordinary one").isZero();
    ordinary.end();
    assertThat(both.running(Lane.MAIN)).isZero();
    idle.release();
    ordinary.release();
    assertThat(both.isIdle()).isTrue();
  }

  /** Both kinds of slots draw on the leases, and there is room in each at once. */
  @Test
  void whateverThereIsRoomForFindsALease() {
    var both = new ClaimedEvents(SLOTS, 2);
    int id = 0;
    while (both.room(0) > 0) {
      int room = both.room(0);
      int idleRoom = both.idleRoom();
      assertThat(idleRoom).isPositive();
      List<ClaimedEvents.Entry> claimed = new ArrayList<>();
      for (int i = 0; i < room; i++) {
        claimed.add(both.add(Events.claimed(id++, 0, 0, null, Instant.EPOCH)));
      }
      for (int i = 0; i < idleRoom; i++) {
        both.addIdle(Events.claimed(id++, 0, 0, null, Instant.EPOCH)).release();
      }
      // Ended, and a commit that hangs keeps their leases.
      claimed.forEach(ClaimedEvents.Entry::end);
    }
    assertThat(both.idleRoom()).as("an idle lane need not wait for that").isEqualTo(2);
  }

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      entries.add(running.add(Events.claimed(entries.size(), 0, 0, null, Instant.EPOCH)));
    }
  }
}

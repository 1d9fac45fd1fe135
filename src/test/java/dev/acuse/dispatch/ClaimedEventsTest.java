package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    assertThat(running.ended()).isEqualTo(SLOTS);
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

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      entries.add(running.add(Events.claimed(entries.size(), 0, 0, null, Instant.EPOCH)));
    }
  }
}

package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.inbox.EventStore;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowCheckTest {
  private final TestDatabase database = TestDatabase.open(Engine.H2);

  @BeforeEach
  void fill() {
    var store = new EventStore(database.jdbi(), ManualClock.create(), 4);
    for (int i = 0; i < 1_200; i++) {
      store.append(Events.pending("e" + i));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void rowsThatAreWhatWasWrittenAreReadToTheEnd() {
    assertThat(pieces()).as("three of events, and one of each other table").isGreaterThan(3);
  }

  @Test
  void columnThatIsNotThereSaysThatTheFileIsBroken() {
    assertThat(RowCheck.corrupt("WEBHOOK_EVENTS", 7, "SOURCE"))
        .hasMessageContaining("source of row 7 of webhook_events is not there")
        .matches(H2Corruption::isCauseOf);
  }

  private int pieces() {
    var check = new RowCheck(database.jdbi());
    int pieces = 1;
    while (check.readOn()) {
      pieces++;
    }
    return pieces;
  }
}

package dev.acuse.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The time that leases go by. */
@ParameterizedClass
@EnumSource
class DatabaseClockTest {
  private final TestDatabase database;
  private final ManualClock wall = ManualClock.create();
  private final List<Duration> steps = new ArrayList<>();
  private final DatabaseClock clock;

  DatabaseClockTest(Engine engine) {
    database = TestDatabase.open(engine);
    clock = new DatabaseClock(database.jdbi(), wall);
    clock.onStep(steps::add);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void followsTheDatabaseHoweverFarOffThisMachineIs() {
    clock.measure();

    assertThat(clock.instant()).isCloseTo(Instant.now(), within(30, ChronoUnit.SECONDS));
    assertThat(steps).as("a first measurement is no step").isEmpty();
  }

  @Test
  void tellsByHowMuchTheDatabaseWasSet() {
    clock.measure();
    clock.measure();
    assertThat(steps).isEmpty();

    // What stands still while the database goes on: to it, the database was set an hour ahead.
    wall.advance(Duration.ofHours(-1));
    clock.measure();

    assertThat(steps).hasSize(1);
    assertThat(steps.get(0)).isCloseTo(Duration.ofHours(1), Duration.ofSeconds(30));
  }

  @Test
  void nobodyWhoSetsThisMachinesClockMovesIt() {
    var nanos = new AtomicLong();
    var local = new MonotonicClock(wall, nanos::get);
    Instant start = local.instant();

    wall.advance(Duration.ofHours(1));
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(local.instant()).isEqualTo(start.plusSeconds(2));
  }
}

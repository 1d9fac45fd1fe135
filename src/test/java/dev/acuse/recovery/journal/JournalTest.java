package dev.acuse.recovery.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.database.CallWatch;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.inbox.ArrivalJournal;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.payment.state.Checkout;
import dev.acuse.recovery.journal.JournalRecord.Counts;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path parent;

  private final ManualClock clock = ManualClock.create();
  private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    folder = parent.resolve("acuse.journal");
    journal = reopen();
  }

  private Journal reopen() throws IOException {
    return Journal.open(folder, clock, 4_000, () -> {});
  }

  @AfterEach
  void close() throws Exception {
    journal.stop();
  }

  @Test
  void whatWasWrittenComesBackWholeAndInOrder() throws Exception {
    Arrival arrival = arrival("a");
    journal.begin(List.of(arrival, arrival("b"))).await();
    journal.stop();
    journal = reopen();
    write("c");

    List<Arrival> back = arrivals();
    assertThat(keys(back)).containsExactly("a", "b", "c");
    assertThat(back.get(0)).usingRecursiveComparison().isEqualTo(arrival);
  }

  @Test
  void whatIsInQuarantineWasNotPromised() throws Exception {
    var refused = new Arrival(Events.quarantined("q", "{}"), clock.instant(), null);
    journal.begin(List.of(refused)).await();
    journal.begin(List.of(refused, arrival("a"))).await();

    assertThat(keys(arrivals())).containsExactly("a");
  }

  @Test
  void tornTailAndDamageArePassedOver() throws Exception {
    write("a");
    write("b");
    write("c");
    journal.stop();
    Path file = new JournalReader(folder).segments().get(0).path();
    byte[] whole = Files.readAllBytes(file);
    whole[whole.length / 2] ^= 1;
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    journal = reopen();
    write("d");

    assertThat(keys(arrivals())).containsExactly("a", "d");
  }

  @Test
  void itIsKeptForThreeDaysAndGoesByWholeFiles() throws Exception {
    write("first");
    for (int hour = 0; hour < 80; hour++) {
      clock.advance(Duration.ofHours(1).plusMillis(1));
      write("hour-" + hour);
    }

    List<String> left = keys(arrivals());
    assertThat(left).doesNotContain("first", "hour-0");
    assertThat(left)
        .as("72 hours and a margin")
        .contains("hour-" + (79 - 72))
        .hasSizeBetween(73, 75);
  }

  @Test
  void whatManyWriteAtOnceIsAllThere() throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "writer-" + i + "-";
      var writer = new Thread(() -> IntStream.range(0, 25).forEach(j -> write(name + j)));
      writer.start();
      writers.add(writer);
    }
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(keys(arrivals())).hasSize(200).doesNotHaveDuplicates();
    assertThat(new JournalReader(folder).segments())
        .as("files of a few thousand bytes")
        .hasSizeGreaterThan(5);
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    write("a");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    Path file = new JournalReader(folder).segments().get(0).path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void folderThatCannotBeWrittenIsAnOutageOfTheDatabase() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    Files.delete(folder);
    Files.writeString(folder, "a file");

    assertThatThrownBy(() -> write("a"))
        .isInstanceOf(ConnectionException.class)
        .matches(DatabaseTrouble::isOutage)
        .matches(failure -> !DatabaseTrouble.isRefusal(failure));
  }

  @Test
  void nothingIsStoredForCertainWhileTheJournalCannotBeWritten() {
    ArrivalJournal broken =
        arrivals ->
            () -> {
              throw new ConnectionException(new IOException("no room"));
            };
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      var store =
          new EventStore(
              database.jdbi(),
              clock,
              AttemptsAllowed.always(4),
              new SyncFailure(() -> {}),
              new CallWatch(),
              broken);

      assertThatThrownBy(() -> store.append(Events.pending("a")))
          .matches(DatabaseTrouble::isOutage);
    }
  }

  @Test
  void damagedFileDoesNotHideTheOthers() throws Exception {
    for (int i = 0; i < 20; i++) {
      write("event-" + i);
    }
    Path first = new JournalReader(folder).segments().get(0).path();
    Files.write(first, new byte[100], StandardOpenOption.TRUNCATE_EXISTING);

    assertThat(keys(arrivals())).contains("event-19").doesNotContain("event-0");
  }

  @Test
  void webhooksThatNothingProvesHaveABoundOfTheirOwn() throws Exception {
    journal.stop();
    journal = Journal.open(folder, clock, 4_000, 20_000, () -> {});
    for (int i = 0; i < 100; i++) {
      write("proven-" + i);
    }
    assertThat(journal.hasRoomForUnproven()).isTrue();
    int unproven = 0;
    while (journal.hasRoomForUnproven()) {
      writeUnproven("unproven-" + unproven);
      unproven++;
    }
    assertThat(unproven).isBetween(20, 60);

    journal.stop();
    journal = Journal.open(folder, clock, 4_000, 20_000, () -> {});
    assertThat(journal.hasRoomForUnproven()).as("known at a start").isFalse();
    journal.stop();
    journal = Journal.open(folder, clock, 4_000, 22_000, () -> {});
    assertThat(journal.hasRoomForUnproven()).as("and no more than was there").isTrue();
    write("proven");
    clock.advance(Journal.KEPT.plusHours(2));
    write("later");
    clock.advance(Duration.ofHours(2));
    write("later still");
    journal.stop();
    journal = Journal.open(folder, clock, 4_000, 1_000, () -> {});
    assertThat(journal.hasRoomForUnproven()).as("gone with its files").isTrue();
  }

  @Test
  void whatThisServiceLooksUpItselfTakesNoRoomOfStrangers() throws Exception {
    journal.stop();
    journal = Journal.open(folder, clock, 4_000, 100, () -> {});
    NewEvent own = NewEvent.lookUp("own", "mp", "payment", "1", EventOrigin.RECONCILIATION);
    journal.begin(List.of(new Arrival(own, clock.instant(), clock.instant()))).await();

    assertThat(journal.hasRoomForUnproven()).isTrue();
  }

  private void writeUnproven(String key) {
    NewEvent hint = Events.hint(key, EventStatus.PENDING, "{}");
    journal.begin(List.of(new Arrival(hint, clock.instant(), clock.instant()))).await();
  }

  private void write(String key) {
    journal.begin(List.of(arrival(key))).await();
  }

  private Arrival arrival(String key) {
    return new Arrival(Events.pending(key), clock.instant(), clock.instant());
  }

  private static List<String> keys(List<Arrival> arrivals) {
    return arrivals.stream().map(arrival -> arrival.event().webhookId()).toList();
  }

  private List<Arrival> arrivals() throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    new JournalReader(folder)
        .read(
            new JournalRecord.Listener() {
              @Override
              public void deleted(Map<String, List<Long>> tickets) {
                // Of no interest here.
              }

              @Override
              public void arrival(Arrival arrival) {
                arrivals.add(arrival);
              }

              @Override
              public void checkout(Checkout checkout) {}

              @Override
              public void run(IntakeBalance run) {}

              @Override
              public void counts(Counts counts) {}
            });
    return arrivals;
  }
}

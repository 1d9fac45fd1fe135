package dev.acuse.recovery.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.CallWatch;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.QuarantineBudget;
import dev.acuse.inbox.UnknownAccounts;
import dev.acuse.intake.spool.SpoolFrames;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.RolledBack;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RowsOnH2;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an inbox that has lost something is given back by its journal. */
class JournalReplayTest {
  private static final Duration LONG = Duration.ofDays(30);

  @TempDir private Path folder;

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private H2Files files = new H2Files(Path.of(""));

  @SuppressWarnings("NullAway.Init")
  private Journal journal;

  @SuppressWarnings("NullAway.Init")
  private EventStore store;

  private EventReader reader;

  private long number;

  @BeforeEach
  void open() throws IOException {
    files = new H2Files(folder.resolve("acuse"));
    journal = Journal.open(files.journal(), clock, () -> {});
    store =
        new EventStore(
            database.jdbi(),
            clock,
            AttemptsAllowed.always(4),
            new SyncFailure(() -> {}),
            new CallWatch(),
            journal);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void onlyWhatWasDeletedIsNotPutBack() throws Exception {
    append(Events.hint("waiting", EventStatus.PENDING, ""));
    append(Events.hint("ended", EventStatus.IGNORED, "x"));
    append(Events.hint("kept", EventStatus.IGNORED, "x"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(1, 1_000, LONG)))
        .isEqualTo(1);
    journal.stop();

    assertThat(replayIntoNothing()).isEqualTo(2);

    assertThat(reader.findByWebhookId(Scope.everything(), "waiting")).isPresent();
    assertThat(reader.findByWebhookId(Scope.everything(), "kept")).isPresent();
    assertThat(reader.findByWebhookId(Scope.everything(), "ended")).isEmpty();
  }

  @Test
  void whatWasNoAccountsIsPutBackUnlessItIsAnAccountsByNow() throws Exception {
    appendUnknown("released", 1);
    appendUnknown("lost", 2);
    appendUnknown("waiting", 3);
    new UnknownAccounts(database.jdbi(), clock, store.due())
        .release(Lane.application(5), Map.of("released", 7L), null, 9);
    delete("webhook_id = 'lost'");
    journal.stop();
    var replay = new JournalReplay(database.jdbi(), clock, 4);

    new JournalReader(files.journal()).read(replay);
    replay.finish();

    assertThat(replay.eventsPutBack()).isEqualTo(1);
    List<String> rows =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "SELECT webhook_id || ' ' || account_id || ' ' || seller_id"
                                + " FROM webhook_events ORDER BY webhook_id")
                        .mapTo(String.class)
                        .list());
    assertThat(rows).containsExactly("lost 0 lost", "released 7 released", "waiting 0 waiting");
  }

  /** Verified and no account's: its seller has the name of its key. */
  private void appendUnknown(String key, long number) {
    NewEvent hint = Events.hint(key, EventStatus.QUARANTINED, "x");
    var event =
        new NewEvent(
            key,
            hint.source(),
            hint.eventType(),
            null,
            hint.resourceId(),
            EventStatus.QUARANTINED,
            "why",
            SignatureState.VERIFIED,
            hint.origin(),
            hint.rawPayload(),
            null,
            Map.of(),
            Place.unknownAccount(5),
            key);
    store.appendAll(
        List.of(
            new Arrival(event, clock.instant(), clock.instant(), new Ticket("unknown", number))));
  }

  @Test
  void webhookThatComesAgainAfterItWasDeletedIsPutBack() throws Exception {
    append(Events.hint("again", EventStatus.IGNORED, "x"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(store.trimHints(Place.MAIN_ACCOUNT, new QuarantineBudget(0, 0, LONG))).isEqualTo(1);
    append(Events.hint("again", EventStatus.PENDING, "x"));
    journal.stop();

    assertThat(replayIntoNothing()).isEqualTo(1);

    assertThat(reader.findByWebhookId(Scope.everything(), "again")).isPresent();
  }

  @Test
  void recordThatNamesATimeHidesNothing() throws Exception {
    append(Events.hint("a", EventStatus.PENDING, ""));
    journal.stop();
    Path segment = new JournalReader(files.journal()).segments().get(0).path();
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.APPEND)) {
      byte[] record =
          ("T\"" + clock.instant().plusSeconds(1) + "\"").getBytes(StandardCharsets.UTF_8);
      ByteBuffer frame = SpoolFrames.frame(record);
      while (frame.hasRemaining()) {
        file.write(frame);
      }
    }

    assertThat(replayIntoNothing()).isEqualTo(1);
  }

  @Test
  void youngFileWithNothingButADuplicateDoesNotHideWhatAnOlderOneHasLost() throws Exception {
    append(Events.pending("old"));
    clock.advance(Duration.ofMinutes(61));
    append(Events.pending("lost"));
    clock.advance(Duration.ofMinutes(61));
    append(Events.pending("old"));
    journal.stop();
    assertThat(new JournalReader(files.journal()).segments()).hasSize(3);
    delete("webhook_id = 'lost'");

    new RolledBack(files, database.jdbi(), clock, 4).putBack();

    assertThat(reader.findByWebhookId(Scope.everything(), "lost")).isPresent();
  }

  @Test
  void whatIsThereIsFoundWithoutReadingAllThatIs() {
    Events.insert(database.jdbi(), 5_000, EventStatus.SUCCESS, clock.instant());
    List<String> keys =
        database
            .jdbi()
            .withHandle(
                handle ->
                    handle
                        .createQuery("SELECT webhook_id FROM webhook_events LIMIT 100")
                        .mapTo(String.class)
                        .list());
    var rows = new RowsOnH2(database);
    var replay = new JournalReplay(database.jdbi(), clock, 4);
    keys.forEach(
        key -> replay.arrival(new Arrival(Events.pending(key), clock.instant(), clock.instant())));

    rows.assertAtMost(200, replay::flush);

    assertThat(replay.eventsPutBack()).isZero();
  }

  private void append(NewEvent event) {
    number++;
    store.appendAll(
        List.of(new Arrival(event, clock.instant(), clock.instant(), new Ticket("a-run", number))));
  }

  private long replayIntoNothing() throws IOException {
    delete("TRUE");
    var replay = new JournalReplay(database.jdbi(), clock, 4);
    new JournalReader(files.journal()).read(replay);
    replay.finish();
    return replay.eventsPutBack();
  }

  private void delete(String which) {
    database
        .jdbi()
        .useHandle(handle -> handle.execute("DELETE FROM webhook_events WHERE " + which));
  }
}

package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.database.CallWatch;
import dev.acuse.database.Schema;
import dev.acuse.database.h2.H2Identities;
import dev.acuse.database.h2.H2Indexes;
import dev.acuse.database.h2.H2Maintenance;
import dev.acuse.database.h2.SyncFailure;
import dev.acuse.event.Arrival;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.inbox.Ledger;
import dev.acuse.payment.state.Checkout;
import dev.acuse.recovery.journal.BooksNotes;
import dev.acuse.recovery.journal.Journal;
import dev.acuse.recovery.journal.JournalReplay;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Jdbi;

/**
 * An inbox in an H2 file, as the product writes it, with a journal that does not reach back to its
 * beginning; the process is killed. Then its file is broken, and it is started anew.
 */
public final class BrokenInbox {
  static final String SETTINGS = ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
  static final String OLD = "old-run";
  static final String NEW = "new-run";
  private static final String INSTANCE = "an-instance";
  private static final int STARTS = 4;
  private static final int GROUP = 20;

  private final ManualClock clock = ManualClock.create();
  private final H2Files files;
  final Set<String> journaled = new TreeSet<>();
  final Set<String> old = new TreeSet<>();
  final Set<String> checkouts = new TreeSet<>();
  private byte[] image = {};

  public BrokenInbox(Path folder) {
    this.files = new H2Files(folder.resolve("acuse"));
  }

  public H2Files files() {
    return files;
  }

  public byte[] image() {
    return image;
  }

  /** What is in it: old events, and as many that are in the journal, with checkouts. */
  public void fill(int events) throws Exception {
    JdbcConnectionPool pool = pool();
    Jdbi jdbi = jdbi(pool);
    var upkeep =
        new H2Maintenance(jdbi, new SyncFailure(() -> {}), new CallWatch(), failure -> false);
    upkeep.run();
    new Schema(pool).migrate();
    var ledger = new Ledger(jdbi, clock);
    append(new EventStore(jdbi, clock, 4), upkeep, OLD, events, old);
    ledger.write(OLD, INSTANCE, clock.instant(), tally(events));
    ledger.close(OLD);
    var journal = Journal.open(files.journal(), clock, 40_000, () -> {});
    var notes = new BooksNotes(jdbi, ledger, journal);
    ledger.write(NEW, INSTANCE, clock.instant(), tally(0));
    notes.note();
    register(jdbi, journal, events / 10);
    append(
        new EventStore(
            jdbi,
            clock,
            AttemptsAllowed.always(4),
            new SyncFailure(() -> {}),
            new CallWatch(),
            journal),
        upkeep,
        NEW,
        events,
        journaled);
    ledger.write(NEW, INSTANCE, clock.instant(), tally(events / 2));
    notes.note();
    journal.stop();
    // What a process that is killed leaves.
    image = Files.readAllBytes(files.data());
    pool.dispose();
  }

  private static IntakeTally tally(long stored) {
    return new IntakeTally(stored, stored, 0, 0, 0, 0, Map.of());
  }

  private void append(
      EventStore store, H2Maintenance upkeep, String run, int events, Set<String> into) {
    for (int i = 0; i < events; i += GROUP) {
      List<Arrival> group = new ArrayList<>();
      for (int j = i; j < Math.min(events, i + GROUP); j++) {
        NewEvent event = Events.pending(run + "-" + j);
        group.add(new Arrival(event, clock.instant(), clock.instant(), new Ticket(run, j)));
        into.add(event.webhookId());
      }
      store.appendAll(group);
      if (i % (10 * GROUP) == 0) {
        upkeep.run();
      }
    }
  }

  private void register(Jdbi jdbi, Journal journal, int count) {
    for (int i = 1; i <= count; i++) {
      var checkout =
          new Checkout(
              i,
              1,
              "order-" + i,
              "preference-" + i,
              "contact-" + i,
              "A thing",
              new BigDecimal("10.50"),
              "ARS",
              "payer@example.com",
              "open",
              "https://example.com/" + i,
              null,
              clock.instant(),
              clock.instant());
      new JournalReplay(jdbi, clock, 4).checkout(checkout);
      journal.write(checkout);
      checkouts.add(checkout.externalReference());
    }
  }

  /**
   * What is there after a start, or several if the file is found broken while it is used.
   *
   * @param ticketed events whose tickets are there as well
   */
  public record Found(
      Set<String> events,
      Set<String> ticketed,
      Set<String> checkouts,
      long unaccounted,
      int starts) {}

  /** Starts on a file with this content, and uses all of it. */
  Found startOn(byte[] content) throws IOException {
    leave(content, Map.of());
    return start();
  }

  /** Has a process leave a file with this content, and others. */
  public void leave(byte[] content, Map<Path, byte[]> others) throws IOException {
    for (Path left : beside()) {
      Files.deleteIfExists(left);
    }
    Files.write(files.data(), content);
    for (Map.Entry<Path, byte[]> other : others.entrySet()) {
      Files.write(other.getKey(), other.getValue());
    }
  }

  /** All but the journal. */
  private List<Path> beside() throws IOException {
    try (var all = Files.list(Objects.requireNonNull(files.data().getParent()))) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** The changes of the schema that a file with this content says to have. */
  List<String> changes(byte[] content) throws IOException {
    leave(content, Map.of());
    JdbcConnectionPool pool = pool();
    try {
      return jdbi(pool)
          .withHandle(
              handle ->
                  handle
                      .createQuery("SELECT id FROM databasechangelog ORDER BY orderexecuted")
                      .mapTo(String.class)
                      .list());
    } finally {
      pool.dispose();
    }
  }

  /** This content after a statement. */
  byte[] changed(byte[] content, String sql) throws IOException {
    leave(content, Map.of());
    JdbcConnectionPool pool = pool();
    try {
      jdbi(pool).useHandle(handle -> assertThat(handle.execute(sql)).isEqualTo(1));
    } finally {
      pool.dispose();
    }
    return Files.readAllBytes(files.data());
  }

  /** Starts on what is there. */
  public Found start() {
    var ended = new AtomicInteger();
    for (int starts = 1; starts <= STARTS; starts++) {
      var mark = new BrokenMark(files, ended::incrementAndGet);
      if (recovery().rebuildIfBroken()) {
        mark.keyFits();
      }
      JdbcConnectionPool pool = pool();
      try {
        return use(jdbi(pool), pool, starts);
      } catch (RuntimeException e) {
        if (!mark.noteAtStart(e)) {
          throw e;
        }
      } finally {
        pool.dispose();
      }
    }
    throw new AssertionError("it is found broken again and again");
  }

  H2Recovery recovery() {
    return recovery(files);
  }

  static H2Recovery recovery(H2Files files) {
    var access = new H2Access("jdbc:h2:file:./data/acuse" + SETTINGS, "sa", "", Map.of());
    return new H2Recovery(files, access, ManualClock.create(), 4);
  }

  private Found use(Jdbi jdbi, JdbcConnectionPool pool, int starts) {
    new H2Maintenance(jdbi, new SyncFailure(() -> {}), new CallWatch(), failure -> false).run();
    new Schema(pool).migrate();
    H2Identities.repair(jdbi);
    H2Indexes.repair(jdbi);
    recovery().putBack(jdbi);
    var rows = new RowCheck(jdbi);
    boolean more = true;
    while (more) {
      more = rows.readOn();
    }
    var store = new EventStore(jdbi, clock, 4);
    store.append(Events.pending("after-" + starts));
    var ledger = new Ledger(jdbi, clock);
    ledger.closeKilled(INSTANCE, "now", Duration.ZERO, run -> 0);
    long unaccounted =
        ledger.balances(INSTANCE, 100, run -> 0, List.of()).stream()
            .mapToLong(IntakeBalance::unaccounted)
            .sum();
    return new Found(
        texts(jdbi, "SELECT webhook_id, * FROM webhook_events WHERE webhook_id NOT LIKE 'after%'"),
        texts(
            jdbi,
            """
            SELECT webhook_id FROM webhook_events
            WHERE webhook_id = intake_run || '-' || intake_no
            """),
        texts(jdbi, "SELECT external_reference, * FROM checkouts"),
        unaccounted,
        starts);
  }

  private static Set<String> texts(Jdbi jdbi, String sql) {
    return jdbi.withHandle(
        handle ->
            new HashSet<>(handle.createQuery(sql).map((row, context) -> row.getString(1)).list()));
  }

  private JdbcConnectionPool pool() {
    return JdbcConnectionPool.create("jdbc:h2:file:" + files.base() + SETTINGS, "sa", "");
  }

  private static Jdbi jdbi(JdbcConnectionPool pool) {
    return Jdbi.create(pool).installPlugin(new AcuseJdbiPlugin());
  }
}

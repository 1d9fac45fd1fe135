package dev.acuse.recovery.journal;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.Ledger;
import dev.acuse.process.Periodic;
import dev.acuse.recovery.journal.JournalRecord.Counts;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes the books in the journal: all of them in each of its files, and whatever has changed every
 * few seconds. So what a broken database has lost is missed, however old it is.
 */
public final class BooksNotes implements Managed {
  private static final Logger LOGGER = LoggerFactory.getLogger(BooksNotes.class);
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Jdbi jdbi;
  private final Ledger ledger;
  private final Journal journal;
  private final Map<String, String> noted = new HashMap<>();
  private final Periodic turns = new Periodic("books-notes", this::note, BooksNotes::failed);
  private long segment = -1;
  private @Nullable Counts counts;

  /**
   * @param ledger of the database that the journal is beside
   */
  public BooksNotes(Jdbi jdbi, Ledger ledger, Journal journal) {
    this.jdbi = jdbi;
    this.ledger = ledger;
    this.journal = journal;
  }

  @Override
  public void start() {
    turns.start(EVERY, EVERY);
  }

  private static void failed(Throwable failure) {
    DatabaseTrouble.logRepeated(LOGGER, "the books are noted later", failure);
  }

  /** Notes what has changed. */
  public void note() {
    long current = journal.segment();
    if (current != segment) {
      noted.clear();
      counts = null;
      segment = current;
    }
    List<IntakeBalance> changed =
        ledger.runs().stream().filter(run -> !word(run).equals(noted.get(run.run()))).toList();
    Counts now = counts(jdbi);
    if (!changed.isEmpty() || !now.equals(counts)) {
      journal.note(changed, now);
      changed.forEach(run -> noted.put(run.run(), word(run)));
      counts = now;
    }
  }

  /** Another one when what counts is. That it was seen a moment ago does not. */
  private static String word(IntakeBalance run) {
    Instant closedAt = run.closedAt();
    return run.tally()
        + "|"
        + run.drainedDuplicates()
        + "|"
        + run.drainedRejects()
        + "|"
        + run.purged()
        + "|"
        + closedAt;
  }

  /** How many checkouts and payments there are now. */
  public static Counts counts(Jdbi jdbi) {
    return jdbi.withHandle(
        handle ->
            new Counts(
                handle.createQuery("SELECT COUNT(*) FROM checkouts").mapTo(Long.class).one(),
                handle.createQuery("SELECT COUNT(*) FROM payments").mapTo(Long.class).one()));
  }

  /** The last notes, after the books are closed. */
  @Override
  public void stop() throws InterruptedException {
    if (turns.stop(STOP_WITHIN)) {
      turns.runOnce();
    }
  }
}

package dev.acuse.recovery;

import dev.acuse.recovery.journal.DeletedTickets;
import dev.acuse.recovery.journal.JournalFolder.Segment;
import dev.acuse.recovery.journal.JournalReader;
import dev.acuse.recovery.journal.JournalReplay;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What H2 leaves out when it opens a file as it was before, as it does where the last chunks are
 * damaged: it is always the latest. So the journal is gone back through until a file of which
 * something is there and nothing is missing. A duplicate is no sign of that, because the event that
 * it repeats may have been stored long before.
 */
public final class RolledBack {
  private static final Logger LOGGER = LoggerFactory.getLogger(RolledBack.class);

  private final H2Files files;
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final int maxAttempts;

  public RolledBack(H2Files files, Jdbi jdbi, InstantSource clock, int maxAttempts) {
    this.files = files;
    this.jdbi = jdbi;
    this.clock = clock;
    this.maxAttempts = maxAttempts;
  }

  /** Puts back what a start has taken back, from the journal. */
  public void putBack() throws IOException {
    List<Segment> segments = new JournalReader(files.journal()).segments();
    long events = 0;
    long checkouts = 0;
    int from = segments.size();
    boolean whole = false;
    var deleted = new DeletedTickets();
    while (from > 0 && !whole) {
      from--;
      var replay = new JournalReplay(jdbi, clock, maxAttempts, deleted);
      JournalReader.read(segments.get(from), replay);
      replay.flush();
      events += replay.eventsPutBack();
      checkouts += replay.checkoutsPutBack();
      whole =
          replay.eventsFound() > 0 && replay.eventsPutBack() == 0 && replay.checkoutsPutBack() == 0;
    }
    if (events + checkouts > 0) {
      LOGGER.warn(
          "{} events and {} checkouts of the journal were not in the H2 file, and are put back:"
              + " they were under way when the process died, or H2 has opened the file as it was"
              + " before",
          events,
          checkouts);
      var books = new JournalReplay(jdbi, clock, maxAttempts, deleted);
      segments.subList(from, segments.size()).forEach(one -> JournalReader.read(one, books));
      books.finish();
    }
  }
}

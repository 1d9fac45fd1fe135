package dev.acuse;

import dev.acuse.inbox.Ledger;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.RebuildNotice;
import dev.acuse.recovery.journal.BooksNotes;
import dev.acuse.recovery.journal.Journal;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;

/**
 * What is written beside an H2 file.
 *
 * @param notice that the file was made anew, if it was lately
 */
record BesideFile(Journal journal, RebuildNotice notice) {

  /**
   * Opens it; it is closed after all that use the database.
   *
   * @param onBroken told when its disk fails to sync
   * @throws IllegalStateException if its folder cannot be used
   */
  static BesideFile open(
      Environment environment, H2Files files, Jdbi jdbi, InstantSource clock, Runnable onBroken) {
    try {
      var journal = Journal.open(files.journal(), clock, onBroken);
      environment.lifecycle().manage(journal);
      environment.lifecycle().manage(new BooksNotes(jdbi, new Ledger(jdbi, clock), journal));
      return new BesideFile(journal, new RebuildNotice(files, clock));
    } catch (IOException e) {
      throw new IllegalStateException(
          "the folder " + files.journal() + " beside the H2 file cannot be used: " + e, e);
    }
  }
}

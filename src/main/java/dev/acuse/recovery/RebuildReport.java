package dev.acuse.recovery;

import dev.acuse.recovery.journal.BooksNotes;
import dev.acuse.recovery.journal.JournalRecord.Counts;
import dev.acuse.recovery.journal.JournalReplay;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What a new file was made of.
 *
 * @param text one line for people
 */
record RebuildReport(String text) {

  static RebuildReport of(
      Jdbi jdbi, Instant at, boolean complete, RebuiltRows rows, JournalReplay replay) {
    String missing = missing(jdbi, replay.counts());
    return new RebuildReport(
        "%s: the H2 file was broken, and was made anew: %d events, %d payments and %d checkouts were read%s; %d events and %d checkouts came from the journal; %d rows were refused%s. The broken file is kept beside it; /api/ledger names what is missing"
            .formatted(
                at,
                rows.inserted("WEBHOOK_EVENTS"),
                rows.inserted("PAYMENTS"),
                rows.inserted("CHECKOUTS"),
                complete ? "" : ", though not all could be",
                replay.eventsPutBack(),
                replay.checkoutsPutBack(),
                rows.refused(),
                missing));
  }

  private static String missing(Jdbi jdbi, @Nullable Counts before) {
    if (before == null) {
      return "";
    }
    Counts now = BooksNotes.counts(jdbi);
    long checkouts = Math.max(0, before.checkouts() - now.checkouts());
    long payments = Math.max(0, before.payments() - now.payments());
    return checkouts + payments == 0
        ? ""
        : "; %d checkouts and %d payments that were there are missing"
            .formatted(checkouts, payments);
  }
}

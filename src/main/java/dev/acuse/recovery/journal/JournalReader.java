package dev.acuse.recovery.journal;

import dev.acuse.intake.spool.SpoolFrames;
import dev.acuse.recovery.journal.JournalFolder.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a journal, a file at a time; what is damaged or torn is passed over. */
public final class JournalReader {
  private static final Logger LOGGER = LoggerFactory.getLogger(JournalReader.class);

  private final List<Segment> segments;

  /**
   * @throws IOException if its folder cannot be read
   */
  public JournalReader(Path folder) throws IOException {
    this.segments = new JournalFolder(folder).segments();
  }

  /** The files, the oldest first. */
  public List<Segment> segments() {
    return segments;
  }

  /** Tells of all records, the oldest first. */
  public void read(JournalRecord.Listener listener) {
    segments.forEach(segment -> read(segment, listener, true));
    segments.forEach(segment -> read(segment, listener, false));
  }

  /** Tells of the records of one file. */
  public static void read(Segment segment, JournalRecord.Listener listener) {
    read(segment, listener, true);
    read(segment, listener, false);
  }

  private static void read(Segment segment, JournalRecord.Listener listener, boolean deletions) {
    try {
      byte[] file = Files.readAllBytes(segment.path());
      SpoolFrames.Scan scan = SpoolFrames.scan(file);
      if (!deletions && !scan.damaged().isEmpty()) {
        LOGGER.error(
            "{} of the journal is damaged in {} places",
            segment.path().getFileName(),
            scan.damaged().size());
      }
      for (SpoolFrames.Range range : scan.records()) {
        if (JournalRecord.isDeleted(file, range) == deletions) {
          read(file, range, segment, listener);
        }
      }
    } catch (IOException e) {
      LOGGER.error("{} of the journal cannot be read", segment.path().getFileName(), e);
    }
  }

  private static void read(
      byte[] file, SpoolFrames.Range range, Segment segment, JournalRecord.Listener listener) {
    try {
      JournalRecord.read(file, range, listener);
    } catch (IOException e) {
      LOGGER.error(
          "a record of {} is whole, but unknown to this version: {}",
          segment.path().getFileName(),
          e.getClass().getName());
    }
  }
}

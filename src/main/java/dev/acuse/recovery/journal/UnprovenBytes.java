package dev.acuse.recovery.journal;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.spool.SpoolFrames;
import dev.acuse.recovery.journal.JournalFolder.Segment;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many bytes of a journal are of webhooks that nothing proved: anybody can send these, and they
 * must not fill the disk that the others need. One thread changes it; any may ask for the total.
 */
final class UnprovenBytes {
  private static final Logger LOGGER = LoggerFactory.getLogger(UnprovenBytes.class);

  private static final int LAST_RECORD = SpoolFrames.frame(JournalRecord.ofUnproven(0)).remaining();

  private final Map<Long, Long> bySegment = new HashMap<>();
  private volatile long total;

  /** Whether one is such a webhook. What this service itself looks up is not. */
  static boolean isUnproven(Arrival arrival) {
    return arrival.event().origin() == EventOrigin.WEBHOOK
        && arrival.event().signature() != SignatureState.VERIFIED;
  }

  /** Finds out about files that are there: by their last record, or by reading them. */
  void addAll(List<Segment> segments) {
    for (Segment segment : segments) {
      try {
        OptionalLong told = lastRecord(segment);
        add(segment.number(), told.isPresent() ? told.getAsLong() : read(segment));
      } catch (IOException e) {
        LOGGER.warn("{} of the journal cannot be read: {}", segment.path(), e.toString());
      }
    }
  }

  /** More was written to a file. */
  void add(long segment, long bytes) {
    if (bytes > 0) {
      bySegment.merge(segment, bytes, Long::sum);
      sum();
    }
  }

  /** All others are gone. */
  void keepOnly(List<Segment> segments) {
    Set<Long> numbers = new HashSet<>();
    segments.forEach(segment -> numbers.add(segment.number()));
    bySegment.keySet().retainAll(numbers);
    sum();
  }

  private void sum() {
    total = bySegment.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many of a file. */
  long of(long segment) {
    return bySegment.getOrDefault(segment, 0L);
  }

  /** How many of all files. */
  long total() {
    return total;
  }

  private static OptionalLong lastRecord(Segment segment) throws IOException {
    try (var file = new RandomAccessFile(segment.path().toFile(), "r")) {
      if (file.length() < LAST_RECORD) {
        return OptionalLong.empty();
      }
      byte[] end = new byte[LAST_RECORD];
      file.seek(file.length() - LAST_RECORD);
      file.readFully(end);
      List<SpoolFrames.Range> records = SpoolFrames.scan(end).records();
      return records.size() == 1
          ? JournalRecord.unproven(end, records.get(0))
          : OptionalLong.empty();
    }
  }

  /** One that was being written when its process ended, at most a few MiB. */
  private static long read(Segment segment) throws IOException {
    byte[] file = Files.readAllBytes(segment.path());
    long bytes = 0;
    for (SpoolFrames.Range range : SpoolFrames.scan(file).records()) {
      if (JournalRecord.isUnprovenArrival(file, range)) {
        bytes += SpoolFrames.OVERHEAD + range.length();
      }
    }
    return bytes;
  }
}

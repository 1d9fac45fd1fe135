package dev.acuse.intake.spool;

import dev.acuse.event.Arrival;
import dev.acuse.event.Place;
import dev.acuse.event.Ticket;
import dev.acuse.process.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file of the spool, that is being written or waits to be drained. Not thread-safe. */
public final class SpoolSegment {
  static final String SUFFIX = ".spool";

  /** Of a file that a version without accounts leaves alone: it would take all for its own. */
  static final String ACCOUNTS_SUFFIX = ".spool2";

  static final String DAMAGED = ".damaged";
  public static final String REJECTED = ".rejected";

  private static final Logger LOGGER = LoggerFactory.getLogger(SpoolSegment.class);

  private final Path path;
  private int records;
  private long bytes;
  private long firstReceivedMillis;
  private final Map<String, Long> recordsByRun = new TreeMap<>();

  SpoolSegment(Path path) {
    this.path = path;
  }

  /**
   * Takes over what an earlier process left: a tail that was being written as it ended is cut, and
   * damage is set aside.
   */
  static SpoolSegment recover(Path path) throws IOException {
    var segment = new SpoolSegment(path);
    byte[] file = segment.read();
    int tornFrom = SpoolFrames.scan(file).tornFrom();
    if (tornFrom < file.length) {
      LOGGER.warn(
          "{} ends in {} bytes of a record that was never acknowledged: cut",
          path.getFileName(),
          file.length - tornFrom);
      cut(path, tornFrom);
    }
    List<Arrival> whole = segment.arrivals();
    if (!whole.isEmpty()) {
      segment.add(whole, tornFrom);
    }
    return segment;
  }

  private static void cut(Path path, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
      channel.force(true);
    }
  }

  /** Whether a file of this name is one. */
  static boolean isOne(String name) {
    return name.endsWith(SUFFIX) || name.endsWith(ACCOUNTS_SUFFIX);
  }

  /** The number in a file's name; 0 if it has none. */
  static long number(String name) {
    String digits = name.substring(0, name.lastIndexOf('.'));
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
  }

  /**
   * Whether these may stand in it: the accounts of those that have one must have a file for that.
   */
  boolean takes(List<Arrival> group) {
    return path.toString().endsWith(ACCOUNTS_SUFFIX) || suffix(group).equals(SUFFIX);
  }

  /** What the name of a file that begins with these ends in. */
  static String suffix(List<Arrival> group) {
    boolean isMains =
        group.stream()
            .allMatch(
                arrival ->
                    arrival.unjudged() == null
                        && arrival.event().place().accountId() == Place.MAIN_ACCOUNT);
    return isMains ? SUFFIX : ACCOUNTS_SUFFIX;
  }

  /** Where the file is. */
  public Path path() {
    return path;
  }

  int records() {
    return records;
  }

  /** How large it is. */
  long bytes() {
    return bytes;
  }

  /** When the first of its records came in, in milliseconds since the epoch. */
  long firstReceivedMillis() {
    return firstReceivedMillis;
  }

  /** How many of its records a process run took in. */
  long recordsOf(String run) {
    return recordsByRun.getOrDefault(run, 0L);
  }

  void add(List<Arrival> more, long moreBytes) {
    if (records == 0) {
      firstReceivedMillis = more.get(0).receivedAt().toEpochMilli();
    }
    records += more.size();
    bytes += moreBytes;
    for (Arrival arrival : more) {
      Ticket ticket = arrival.ticket();
      if (ticket != null) {
        recordsByRun.merge(ticket.run(), 1L, Long::sum);
      }
    }
  }

  /** Its whole records, in order; whatever else it holds is set aside in a file beside it. */
  public List<Arrival> arrivals() throws IOException {
    byte[] file = read();
    SpoolFrames.Scan scan = SpoolFrames.scan(file);
    List<SpoolFrames.Range> damaged = new ArrayList<>(scan.damaged());
    List<Arrival> arrivals = new ArrayList<>();
    for (SpoolFrames.Range record : scan.records()) {
      try {
        arrivals.add(SpoolCodec.decode(file, record));
      } catch (IOException e) {
        LOGGER.error("a record of {} is whole, but unknown to this version", path.getFileName(), e);
        damaged.add(record);
      }
    }
    if (!damaged.isEmpty()) {
      LOGGER.error(
          "{} is damaged in {} places: see {}{}",
          path.getFileName(),
          damaged.size(),
          path.getFileName(),
          DAMAGED);
      setAside(
          DAMAGED,
          damaged.stream()
              .map(range -> ByteBuffer.wrap(file, range.from(), range.length()))
              .toList());
    }
    return arrivals;
  }

  private byte[] read() throws IOException {
    return Files.readAllBytes(path);
  }

  /**
   * Writes a file beside this one, durably, in place of the one that an earlier process may have
   * written: what must not be lost with this one.
   */
  public void setAside(String suffix, List<ByteBuffer> content) throws IOException {
    Path beside = path.resolveSibling(path.getFileName() + suffix);
    try (FileChannel file =
        PrivateFiles.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (ByteBuffer part : content) {
        while (part.hasRemaining()) {
          file.write(part);
        }
      }
      file.force(true);
    }
    Path folder = path.getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }

  /** Makes the creation and deletion of files in a folder survive a power cut. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

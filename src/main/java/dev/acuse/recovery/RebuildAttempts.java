package dev.acuse.recovery;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.process.Failures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where earlier attempts to make a file anew have ended, a line each in the lock file. A page that
 * takes all memory ends each of them at the same place, and must not stop every start: so less is
 * asked of the broken file from then on. An attempt that is killed because it takes long ends
 * somewhere else each time, and one that finds the disk full says nothing of the broken file:
 * neither is a reason to give up what can be read.
 */
final class RebuildAttempts {
  /** So many ends at one place are no chance. */
  private static final int MOST = 4;

  private static final String SQL = "sql ";
  private static final String PAGES = "pages ";
  private static final String BEGUN = "begun";
  private static final String FAILED = "failed";
  private static final int LINE = 100;
  private static final int MOST_LINES = 10_000;

  private final FileChannel file;
  private final List<String> ends;
  private final long line;

  private RebuildAttempts(FileChannel file, List<String> ends) {
    this.file = file;
    this.ends = ends;
    this.line = (long) ends.size() * LINE;
  }

  /**
   * Begins another one.
   *
   * @param file is written until the attempt has ended
   */
  static RebuildAttempts begin(FileChannel file) throws IOException {
    var content = ByteBuffer.allocate((int) Math.min(file.size(), (long) MOST_LINES * LINE));
    while (content.hasRemaining() && file.read(content, content.position()) >= 0) {
      // The next piece of it.
    }
    String text = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII);
    var attempts = new RebuildAttempts(file, text.lines().map(String::strip).toList());
    attempts.at(BEGUN);
    file.force(true);
    return attempts;
  }

  /** How many did not end well before this one. */
  int before() {
    return ends.size();
  }

  /** Whether H2 may be asked to read the broken file. */
  boolean maySql() {
    return most(SQL) < MOST && most(FAILED) < MOST;
  }

  /** Whether its pages may be read. */
  boolean mayPages() {
    return most(PAGES) < MOST && most(FAILED) < 2 * MOST;
  }

  /** How many have ended at the one place of these where most have. */
  private long most(String places) {
    return ends.stream()
        .filter(end -> end.startsWith(places))
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
        .values()
        .stream()
        .mapToLong(ends -> ends)
        .max()
        .orElse(0);
  }

  /** H2 is about to read this of the broken file. */
  void sql(String what) {
    tell(SQL + what);
  }

  /** Pages of the broken file are about to be read from here. */
  void pages(String what, long start) {
    tell(PAGES + what + " " + start);
  }

  /** The broken file is read as far as it can be. */
  void read() {
    tell("read");
  }

  private void tell(String place) {
    try {
      at(place);
    } catch (IOException e) {
      throw new UncheckedIOException("the lock file cannot be written", e);
    }
  }

  /** Not synced: a process that dies leaves what it has written. */
  private void at(String place) throws IOException {
    String padded = "%-99.99s\n".formatted(place);
    ByteBuffer bytes = ByteBuffer.wrap(padded.getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      file.write(bytes, line + bytes.position());
    }
  }

  /** It has ended by this: counted only if it may be about what the broken file holds. */
  void failed(Exception failure) throws IOException {
    boolean isOutside =
        !DatabaseTrouble.isRefusal(failure)
            || Failures.any(failure, cause -> cause instanceof IOException);
    if (isOutside) {
      file.truncate(line);
    } else {
      at(FAILED);
    }
  }
}

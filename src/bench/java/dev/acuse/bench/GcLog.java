package dev.acuse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pauses in the log that a JVM writes with {@code -Xlog:gc}. */
final class GcLog {
  private static final Pattern PAUSE =
      Pattern.compile("GC\\(\\d+\\) Pause (\\w+).* (\\d+)M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms$");

  /**
   * One pause.
   *
   * @param kind {@code Young}, {@code Full} and the like
   * @param after megabytes in use after it
   */
  record Pause(String kind, int after, double millis) {
    boolean isFull() {
      return kind.equals("Full");
    }
  }

  private GcLog() {}

  /** All of them so far, in order. */
  static List<Pause> pauses(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(PAUSE::matcher)
          .filter(Matcher::find)
          .map(
              found ->
                  new Pause(
                      found.group(1),
                      Integer.parseInt(found.group(3)),
                      Double.parseDouble(found.group(4))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

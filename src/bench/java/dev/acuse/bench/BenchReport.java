package dev.acuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run measured, as a page of the documentation: ratios first. */
final class BenchReport {
  private static final String HEADER =
      """
      # Benchmarks

      `mvn -Pbench verify` starts the packaged jar, a PostgreSQL of its own as it is delivered (fsync on), and a load
      generator in a process of its own, all on one machine. What is compared runs in turn in the same run and, for the
      intake, in the same server: size limit, parse, signature, identity, metrics and log are the same, only the way to
      store differs. Each figure is the median of %d rounds of %d s after a warm-up, where it does not say that it is of one
      stretch; each acknowledged webhook was counted as a row. A closed loop sends when the last answer is there; in an open loop a latency runs from when the
      request was due. This page was written by that command.

      Ratios carry over to other machines; absolute figures do not.

      """;

  private final List<String> ratios = new ArrayList<>();
  private final List<String> figures = new ArrayList<>();

  /** A target of the project: what was measured, what we ship at least, what we want. */
  void ratio(String figure, String measured, String floor, String goal) {
    ratios.add("| %s | %s | %s | %s |".formatted(figure, measured, floor, goal));
  }

  /** An absolute figure. */
  void figure(String what, String value) {
    figures.add("| %s | %s |".formatted(what, value));
  }

  void write(Path file) throws IOException {
    String text =
        HEADER.formatted(Rounds.COUNT, Rounds.SECONDS)
            + "## Ratios\n\n| figure | measured | floor | goal |\n|---|---|---|---|\n"
            + lines(ratios)
            + "\n## Absolute figures\n\n| what | value |\n|---|---|\n"
            + lines(figures)
            + "\n## Machine\n\n"
            + Machine.describe()
            + "\n";
    System.out.println(text);
    Files.writeString(file, text);
  }

  private static String lines(List<String> rows) {
    return String.join("\n", rows) + "\n";
  }
}

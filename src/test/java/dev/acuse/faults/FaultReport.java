package dev.acuse.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table of a run: one line a fault. */
final class FaultReport {
  private static final String HEADER =
      """
      # Results of the fault run

      `mvn verify -Pfaults` starts the packaged jar, a sandbox MercadoPago and GoHighLevel, and a PostgreSQL of its
      own with its defaults (fsync on), sends signed notifications of real payments at a fixed rate, injects a fault,
      and compares afterwards what was acknowledged, the tables, and the books of both APIs. One acknowledged webhook
      lost fails the run; so does an event without an end, a payment or tag that is not as it should be, a claim or
      a look-up that no attempt in the history explains, or a tag call or a rescue that no crash explains. This page was written by
      that command. What the letters stand for: F faults of the intake, P faults of the processing, S (further down)
      attacks by a stranger.

      | fault | database | acknowledged | refused or cut | spooled | lost | doubled | stuck | wrong | unexplained | tag calls beyond one | recovered after | p99 of the answer |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|
      """;

  private static final String CONTROL =
      """

      ## The control

      A run that cannot fail shows nothing. The same command builds the service five more times, each time with one
      mistake that receivers of webhooks are known to make, and must find it:

      | mistake | fault | lost | doubled | stuck | wrong | unexplained |
      |---|---|---|---|---|---|---|
      """;

  private final List<String> lines = new ArrayList<>();
  private final List<String> controls = new ArrayList<>();

  void add(Line line) {
    lines.add(line.toString());
  }

  /** What the run said of a service that makes a mistake. */
  void addControl(Sabotage sabotage, Line line) {
    Oracle.Verdict verdict = line.verdict();
    controls.add(
        "| %s | %s | %d | %d | %d | %d | %d |"
            .formatted(
                sabotage.description(),
                line.fault(),
                verdict.lost().size(),
                verdict.doubled().size(),
                verdict.stuck().size(),
                verdict.wrong().size(),
                verdict.unexplained().size()));
  }

  /** What is said of one fault. */
  record Line(
      String fault,
      String database,
      long acknowledged,
      long unanswered,
      long spooled,
      Oracle.Verdict verdict,
      long recoveredMillis,
      long p99Millis) {
    @Override
    public String toString() {
      return "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %.1f s | %d ms |"
          .formatted(
              fault,
              database,
              acknowledged,
              unanswered,
              spooled,
              verdict.lost().size(),
              verdict.doubled().size(),
              verdict.stuck().size(),
              verdict.wrong().size(),
              verdict.unexplained().size(),
              verdict.moreCalls(),
              recoveredMillis / 1e3,
              p99Millis);
    }
  }

  void write(Path file) throws IOException {
    String text =
        HEADER + String.join("\n", lines) + "\n" + CONTROL + String.join("\n", controls) + "\n";
    Files.writeString(file, text + AttackReport.tables(file));
  }
}

package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.faults.FaultReport.Line;
import dev.acuse.faults.Load.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What came of one row: load before, during and after the fault, and then the oracle.
 *
 * @param crashes how often work may have been broken off
 * @param unanswered deliveries that were not answered 200 though each must be
 */
record FaultTrial(Line line, int crashes, long unanswered) {
  private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(1);

  /** How long an event may take to its end; one that needs longer is stuck. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What is broken on purpose is not waited for as long. */
  private static final Duration PATIENCE_WITH_SABOTAGE = Duration.ofSeconds(15);

  static FaultTrial run(Row row) throws SQLException {
    try (Stage stage = Stage.of(row);
        Load load = stage.load(row)) {
      Stage.during(BEFORE_AND_AFTER);
      row.injection().inject(stage);
      Stage.during(BEFORE_AND_AFTER);
      List<Sent> sent = load.stop(Stage.journal(row));
      Set<String> acknowledged = Stage.acknowledged(sent);
      long recovered =
          stage.awaitRecovery(
              acknowledged, row.sabotage() == null ? PATIENCE : PATIENCE_WITH_SABOTAGE);
      Oracle.Verdict verdict = stage.judge(sent);
      long without = sent.stream().filter(one -> !one.isAcknowledged()).count();
      var line =
          new Line(
              row.name(),
              row.site().toString(),
              sent.size() - without,
              without,
              sent.stream().filter(one -> one.stored().equals("spooled")).count(),
              verdict,
              recovered,
              Load.p99(sent));
      return new FaultTrial(line, stage.crashes(), row.answersAll() ? without : 0);
    }
  }

  /** Fails if anything was lost, doubled, stuck or wrong. */
  void check() {
    assertThat(line.acknowledged()).as("there was load: %s", line).isGreaterThan(50);
    assertThat(line.verdict().isClean(crashes, Stage.WORKERS))
        .as("%s%n%s", line, line.verdict())
        .isTrue();
    assertThat(unanswered).as("each is answered 200: %s", line).isZero();
  }
}

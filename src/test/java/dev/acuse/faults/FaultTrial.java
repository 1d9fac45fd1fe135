package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.faults.FaultReport.Line;
import dev.acuse.faults.Faults.Row;
import dev.acuse.faults.Load.Sent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One row: load before, during and after the fault, and then the oracle. */
final class FaultTrial {
  private static final Duration BEFORE_AND_AFTER = Duration.ofSeconds(1);

  private FaultTrial() {}

  static Line run(Row row) throws SQLException {
    try (Stage stage = Stage.on(row.engine(), row.instances(), row.settings());
        Load load = stage.load(row.perSecond())) {
      Stage.during(BEFORE_AND_AFTER);
      row.injection().inject(stage);
      Stage.during(BEFORE_AND_AFTER);
      List<Sent> sent = load.stop(Stage.journal(row.name() + "-" + row.engine()));
      Set<String> acknowledged = Stage.acknowledged(sent);
      long recovered = stage.awaitRecovery(acknowledged);
      Oracle.Verdict verdict = stage.judge(acknowledged);
      long unanswered = sent.stream().filter(one -> !one.isAcknowledged()).count();
      var line =
          new Line(
              row.name(),
              row.engine().name(),
              acknowledged.size(),
              unanswered,
              sent.stream().filter(one -> one.stored().equals("spooled")).count(),
              verdict,
              recovered,
              Load.p99(sent));
      check(row, stage, line, unanswered);
      return line;
    }
  }

  private static void check(Row row, Stage stage, Line line, long unanswered) {
    assertThat(line.acknowledged()).as("there was load: %s", line).isGreaterThan(50);
    assertThat(line.verdict().isClean(stage.crashes(), Stage.WORKERS))
        .as("%s%n%s", line, line.verdict())
        .isTrue();
    if (row.answersAll()) {
      assertThat(unanswered).as("each is answered 200: %s", line).isZero();
    }
  }
}

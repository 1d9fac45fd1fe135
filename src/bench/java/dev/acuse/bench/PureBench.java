package dev.acuse.bench;

import dev.acuse.mercadopago.PureParts;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What a webhook costs before it is stored, by JMH: no network, no database. */
final class PureBench {
  private PureBench() {}

  static void report(BenchReport report) {
    var options =
        new OptionsBuilder()
            .include(PureParts.class.getName())
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            // In place of this JVM's own, which measures coverage.
            .jvmArgs("-Xmx256m")
            .shouldFailOnError(true)
            .build();
    try {
      Collection<RunResult> results = new Runner(options).run();
      if (results.isEmpty()) {
        throw new AssertionError("JMH found nothing to measure");
      }
      for (RunResult result : results) {
        var score = result.getPrimaryResult();
        report.figure(
            "JMH, 1 fork of 5 iterations: " + PureParts.TITLES.get(score.getLabel()),
            "%.0f ± %.0f %s"
                .formatted(score.getScore(), score.getScoreError(), score.getScoreUnit()));
      }
    } catch (RunnerException e) {
      throw new IllegalStateException(e);
    }
  }
}

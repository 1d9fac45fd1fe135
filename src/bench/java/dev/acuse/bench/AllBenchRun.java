package dev.acuse.bench;

import dev.acuse.bench.IntakeBench.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code mvn -Pbench verify}: everything, and the page in the documentation. With {@code
 * -Dbench.only=h2} only the parts whose name holds that, and the page under {@code target}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AllBenchRun {
  private static final String ONLY = System.getProperty("bench.only", "");
  private static final BenchReport REPORT = new BenchReport();

  @Test
  @Order(1)
  void intakeOnPostgresql() {
    only("intake-postgresql");
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", Map.of())) {
      Map<Variant, List<LoadResult>> results = IntakeBench.run(server);
      report("PostgreSQL", results);
      REPORT.ratio(
          "PostgreSQL: intake ÷ one insert a request, 64 connections",
          times(results, Variant.ONE),
          "2.5",
          "3.0");
      REPORT.ratio(
          "PostgreSQL: intake ÷ the same server without a database",
          times(results, Variant.NONE),
          "0.5",
          "0.65");
      REPORT.ratio(
          "PostgreSQL: p99 of the answer at saturation ÷ that of one insert a request",
          slowest(results),
          "0.6",
          "≤ 0.4");
    }
  }

  @Test
  @Order(2)
  void intakeOnH2() {
    only("intake-h2");
    try (BenchDatabase database = BenchDatabase.h2();
        BenchServer server = BenchServer.start(database.url(), database.user(), Map.of())) {
      Map<Variant, List<LoadResult>> results = IntakeBench.run(server);
      report("H2", results);
      REPORT.ratio("H2: one sync a group ÷ one sync a row", times(results, Variant.ONE), "3", "4");
      REPORT.ratio(
          "H2: p99 of the answer at saturation ÷ that of one insert a request",
          slowest(results),
          "–",
          "–");
    }
  }

  private static void only(String name) {
    Assumptions.assumeTrue(name.contains(ONLY), "not asked for");
  }

  private static void report(String engine, Map<Variant, List<LoadResult>> results) {
    results.forEach(
        (variant, rounds) ->
            REPORT.figure(
                engine + ", 64 connections: " + variant.title(),
                "%.0f requests/s, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms"
                    .formatted(
                        Rounds.median(rounds, LoadResult::perSecond),
                        Rounds.median(rounds, round -> round.latency().p50()),
                        Rounds.median(rounds, round -> round.latency().p99()),
                        Rounds.median(rounds, round -> round.latency().p999()))));
  }

  private static String times(Map<Variant, List<LoadResult>> results, Variant under) {
    return ratio(
        Rounds.medianRatio(of(results, Variant.GROUP), of(results, under), LoadResult::perSecond));
  }

  private static String slowest(Map<Variant, List<LoadResult>> results) {
    return ratio(
        Rounds.medianRatio(
            of(results, Variant.GROUP), of(results, Variant.ONE), round -> round.latency().p99()));
  }

  private static List<LoadResult> of(Map<Variant, List<LoadResult>> results, Variant variant) {
    return results.getOrDefault(variant, new ArrayList<>());
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  @AfterAll
  static void write() throws IOException {
    REPORT.write(Path.of(ONLY.isEmpty() ? "docs/reference" : "target", "benchmarks.md"));
  }
}

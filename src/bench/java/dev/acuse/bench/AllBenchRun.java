package dev.acuse.bench;

import dev.acuse.bench.IntakeBench.Run;
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
      var pgbench = new PgBench(database);
      Map<Variant, List<Run>> results = new IntakeBench(server, database, pgbench::round).run();
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
      List<Double> best = pgbench.best();
      if (!best.isEmpty()) {
        REPORT.figure(
            "PostgreSQL: pgbench, the same row one a commit, best of 16, 32 and 64 clients",
            "%.0f rows/s".formatted(Rounds.median(best, rate -> rate)));
        REPORT.ratio(
            "PostgreSQL: intake ÷ pgbench single-row inserts",
            Figures.of(Rounds.medianRatio(rates(results), best)),
            "0.8",
            "1.0");
      }
    }
  }

  @Test
  @Order(2)
  void intakeOnH2() {
    only("intake-h2");
    try (BenchDatabase database = BenchDatabase.h2();
        BenchServer server = BenchServer.start(database.url(), database.user(), Map.of())) {
      Map<Variant, List<Run>> results = new IntakeBench(server, database, () -> {}).run();
      report("H2", results);
      REPORT.ratio("H2: one sync a group ÷ one sync a row", times(results, Variant.ONE), "3", "4");
      REPORT.ratio(
          "H2: p99 of the answer at saturation ÷ that of one insert a request",
          slowest(results),
          "–",
          "–");
    }
  }

  @Test
  @Order(3)
  void drainOnPostgresql() {
    only("drain-postgresql");
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", DrainBench.settings())) {
      List<DrainBench.Round> rounds = new DrainBench(server, database).run();
      REPORT.ratio(
          "drain without work, history written ÷ db-scheduler",
          Figures.of(Rounds.median(rounds, round -> round.service() / round.dbScheduler())),
          "2",
          "3");
      REPORT.figure(
          "drain of %d events, %d workers".formatted(DrainBench.EVENTS, DrainBench.WORKERS),
          "%.0f events/s".formatted(Rounds.median(rounds, DrainBench.Round::service)));
      REPORT.figure(
          "db-scheduler, lock-and-fetch, 64 threads",
          "%.0f tasks/s".formatted(Rounds.median(rounds, DrainBench.Round::dbScheduler)));
    }
  }

  @Test
  @Order(4)
  void largeInbox() {
    only("history");
    HistoryBench.report(REPORT);
  }

  @Test
  @Order(5)
  void answersAmidABacklog() {
    only("backlog");
    BacklogBench.report(REPORT);
  }

  @Test
  @Order(6)
  void drainWithRealHandlers() {
    only("handlers");
    HandlersBench.report(REPORT);
  }

  @Test
  @Order(7)
  void idleService() {
    only("idle");
    IdleBench.report(REPORT);
  }

  @Test
  @Order(8)
  void smallHeap() {
    only("heap");
    HeapBench.report(REPORT);
  }

  @Test
  @Order(9)
  void severalInstances() {
    only("instances");
    InstancesBench.report(REPORT);
  }

  @Test
  @Order(10)
  void purgeUnderLoad() {
    only("purge");
    PurgeBench.report(REPORT);
  }

  @Test
  @Order(11)
  void pureParts() {
    only("pure");
    PureBench.report(REPORT);
  }

  @Test
  @Order(12)
  void firstAnswerAfterAStart() {
    only("start");
    StartBench.report(REPORT);
  }

  @Test
  @Order(13)
  void smallMachine() {
    only("small");
    SmallMachineBench.report(REPORT);
  }

  @Test
  @Order(14)
  void claimsOfManyLanes() {
    only("lanes");
    LanesBench.onPostgresql(REPORT);
    LanesBench.onH2(REPORT);
  }

  @Test
  @Order(15)
  void tagForEachPayment() {
    only("tags");
    TagDrainBench.report(REPORT);
  }

  @Test
  @Order(15)
  void upgrade() throws Exception {
    only("upgrade");
    UpgradeBench.report(REPORT);
  }

  @Test
  @Order(16)
  void manyAccountsOnPostgresql() {
    only("accounts-postgresql");
    AccountsBench.onPostgresql(REPORT);
  }

  @Test
  @Order(17)
  void manyAccountsOnH2() {
    only("accounts-h2");
    AccountsBench.onH2(REPORT);
  }

  private static void only(String name) {
    Assumptions.assumeTrue(name.contains(ONLY), "not asked for");
  }

  private static void report(String engine, Map<Variant, List<Run>> results) {
    results.forEach(
        (variant, rounds) ->
            REPORT.figure(engine + ", 64 connections: " + variant.title(), figures(rounds)));
  }

  private static String figures(List<Run> rounds) {
    return String.format(
        Locale.ROOT,
        "%.0f requests/s; p50 %.1f, p99 %.1f, p99.9 %.1f ms; processor time of one: server %.0f µs,"
            + " PostgreSQL %.0f µs",
        Rounds.median(rounds, run -> run.load().perSecond()),
        Rounds.median(rounds, run -> run.load().latency().p50()),
        Rounds.median(rounds, run -> run.load().latency().p99()),
        Rounds.median(rounds, run -> run.load().latency().p999()),
        Rounds.median(rounds, Run::serverMicros),
        Rounds.median(rounds, Run::databaseMicros));
  }

  private static String times(Map<Variant, List<Run>> results, Variant under) {
    return Figures.of(
        Rounds.medianRatio(
            of(results, Variant.GROUP), of(results, under), run -> run.load().perSecond()));
  }

  private static String slowest(Map<Variant, List<Run>> results) {
    return Figures.of(
        Rounds.medianRatio(
            of(results, Variant.GROUP),
            of(results, Variant.ONE),
            run -> run.load().latency().p99()));
  }

  private static List<Double> rates(Map<Variant, List<Run>> results) {
    return of(results, Variant.GROUP).stream().map(run -> run.load().perSecond()).toList();
  }

  private static List<Run> of(Map<Variant, List<Run>> results, Variant variant) {
    return results.getOrDefault(variant, new ArrayList<>());
  }

  @AfterAll
  static void write() throws IOException {
    REPORT.write(Path.of(ONLY.isEmpty() ? "docs/reference" : "target", "benchmarks.md"));
  }
}

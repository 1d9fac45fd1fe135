package dev.acuse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How fast a backlog is worked off that asks for no work, the history of attempts written, against
 * db-scheduler on the same PostgreSQL. One after the other, in each round, both of them warm.
 */
final class DrainBench {
  static final int EVENTS = Integer.getInteger("bench.events", 100_000);
  static final int WORKERS = 1024;

  /** After half of it the compiler is still at work, at the cost of what is measured. */
  private static final int WARM_UP_SECONDS = 2 * Rounds.WARM_UP_SECONDS;

  /** Events a second. */
  record Round(double service, double dbScheduler) {}

  private final BenchServer server;
  private final BenchDatabase database;

  DrainBench(BenchServer server, BenchDatabase database) {
    this.server = server;
    this.database = database;
  }

  static Map<String, String> settings() {
    return Map.of("ACUSE_WORKERS", String.valueOf(WORKERS));
  }

  List<Round> run() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS)) {
      drain(EVENTS);
    }
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < Rounds.COUNT; i++) {
      var round = new Round(drain(EVENTS), drainDbScheduler());
      System.out.println(round);
      rounds.add(round);
    }
    return rounds;
  }

  private double drain(int events) {
    // db-scheduler begins with an empty table, too.
    Backlogs.clear(database);
    Backlogs.fill(database, events);
    long serverBefore = Processor.micros(server.pid());
    long databaseBefore = database.processorMicros();
    long start = System.nanoTime();
    server.task("resume");
    Backlogs.awaitEnd(database);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "processor time of an event: server %.0f µs, PostgreSQL %.0f µs%n",
        (Processor.micros(server.pid()) - serverBefore) / (double) events,
        (database.processorMicros() - databaseBefore) / (double) events);
    server.task("pause?by=benchmark");
    long attempts = Backlogs.count(database, "webhook_attempts");
    Backlogs.check(events, attempts, "attempts");
    return events / seconds;
  }

  /** Neither finds what the other has left: PostgreSQL would tidy it up at the other's cost. */
  private double drainDbScheduler() {
    Backlogs.clear(database);
    String output =
        ChildJava.run(
            DbSchedulerDrain.class,
            List.of("-Xmx256m"),
            List.of(database.url(), String.valueOf(EVENTS), String.valueOf(WARM_UP_SECONDS)));
    database.execute("DROP TABLE scheduled_tasks");
    // What it logs goes before.
    List<String> lines = output.strip().lines().toList();
    return Double.parseDouble(lines.get(lines.size() - 1));
  }
}

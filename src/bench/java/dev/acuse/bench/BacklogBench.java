package dev.acuse.bench;

import dev.acuse.bench.LoadResult.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long a webhook waits for its answer while a backlog is worked off in the same process and
 * database: a sale day's evening, when the webhooks still come.
 */
final class BacklogBench {
  private static final int AT_LEAST = 100_000;
  private static final int WARM_UP_DRAIN = 20_000;
  private static final int LOAD_WARM_UP = 2;

  /** The load's process starts, and the drain may grow faster than it was when it was measured. */
  private static final double MARGIN = 1.5;

  private static final int START_OF_LOAD = 2;

  /**
   * A stretch.
   *
   * @param left of the backlog at its end
   */
  private record Round(Latency latency, double perSecond, int backlog, long left) {}

  private final BenchServer server;
  private final BenchDatabase database;
  private final CountedLoad load;

  private BacklogBench(BenchServer server, BenchDatabase database) {
    this.server = server;
    this.database = database;
    this.load = new CountedLoad(server, database);
  }

  static void report(BenchReport report) {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", Map.of())) {
      new BacklogBench(server, database).measure(report);
    }
  }

  private void measure(BenchReport report) {
    double saturation = load.saturation();
    Backlogs.clear(database);
    double drain = drain();
    int backlog =
        (int) Math.max(AT_LEAST, MARGIN * drain * (START_OF_LOAD + LOAD_WARM_UP + Rounds.SECONDS));
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < Rounds.COUNT; i++) {
      Round round = round((int) (saturation / 3), backlog);
      System.out.println(round);
      rounds.add(round);
    }
    double p50 = Rounds.median(rounds, round -> round.latency().p50());
    double p99 = Rounds.median(rounds, round -> round.latency().p99());
    long left = rounds.stream().mapToLong(Round::left).min().orElseThrow();
    report.ratio(
        "p99 of the answer, open loop at a third of saturation while %d events are drained, ms"
            .formatted(backlog),
        Figures.of(p99) + (left == 0 ? " (the backlog ended before the load)" : ""),
        "100",
        "≤ 10 × p50 (%s), < 50".formatted(Figures.of(10 * p50)));
    report.figure(
        "open loop at %d requests/s, a third of %.0f, while a backlog is drained by 8 workers"
            .formatted((int) (saturation / 3), saturation),
        "%.0f requests/s; p50 %s, p99 %s, p99.9 %s ms; of %d events at least %d waited at the end"
            .formatted(
                Rounds.median(rounds, Round::perSecond),
                Figures.of(p50),
                Figures.of(p99),
                Figures.of(Rounds.median(rounds, round -> round.latency().p999())),
                backlog,
                left));
    report.figure("drain without work by 8 workers, nothing else to do", drain(drain));
  }

  private static String drain(double perSecond) {
    return "%.0f events/s (one stretch of %d)".formatted(perSecond, WARM_UP_DRAIN);
  }

  /** Events a second, when it is warm. */
  private double drain() {
    double perSecond = 0;
    long warmUp = System.nanoTime();
    while (System.nanoTime() - warmUp < TimeUnit.SECONDS.toNanos(Rounds.WARM_UP_SECONDS)) {
      Backlogs.fill(database, WARM_UP_DRAIN);
      long start = System.nanoTime();
      server.task("resume");
      Backlogs.awaitEnd(database);
      perSecond = WARM_UP_DRAIN / ((System.nanoTime() - start) / 1e9);
      Backlogs.stopAndCheck(server, database, "ignored");
      Backlogs.checkWorkedOnce(database, WARM_UP_DRAIN, "ignored");
      Backlogs.clear(database);
    }
    return perSecond;
  }

  private Round round(int perSecond, int backlog) {
    Backlogs.fill(database, backlog);
    long last = Backlogs.lastId(database);
    server.task("resume");
    LoadResult result =
        load.open(CountedLoad.OPEN_CONNECTIONS, perSecond, LOAD_WARM_UP, Rounds.SECONDS);
    long left = Backlogs.waiting(database, last);
    // To its end it would take minutes.
    Backlogs.stopAndCheck(server, database, "ignored");
    Backlogs.clear(database);
    return new Round(result.latency(), result.perSecond(), backlog, left);
  }
}

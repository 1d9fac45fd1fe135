package dev.acuse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a second and a third process on the same PostgreSQL bring. Few workers that wait long: it
 * shall be the APIs that bound them, not the machine that all of them share here. Three processes
 * of eight workers, just started, are more than two processors can do.
 */
final class InstancesBench {
  private static final int WORKERS = 4;
  private static final Duration LATENCY = Duration.ofMillis(200);
  private static final int MOST = WORKERS * 1_000 / (int) LATENCY.toMillis();
  private static final int WARM_UP = 100;

  /** Calls a second of one, two and three instances. */
  private record Round(List<Double> perSecond) {
    double of(int instances) {
      return perSecond.get(instances - 1);
    }
  }

  private final BenchDatabase database;
  private final BenchSandbox sandbox;
  private final HandlerDrain drain;

  private InstancesBench(BenchDatabase database, BenchSandbox sandbox) {
    this.database = database;
    this.sandbox = sandbox;
    this.drain = new HandlerDrain(database, sandbox);
  }

  static void report(BenchReport report) {
    List<Round> rounds = new ArrayList<>();
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchSandbox sandbox = BenchSandbox.start(LATENCY)) {
      var bench = new InstancesBench(database, sandbox);
      for (int i = 0; i < Rounds.COUNT; i++) {
        Round round = bench.round();
        System.out.println(round);
        rounds.add(round);
      }
    }
    report.ratio("two instances on one PostgreSQL ÷ one", times(rounds, 2), "1.8", "1.9");
    report.ratio("three instances on one PostgreSQL ÷ one", times(rounds, 3), "2.5", "2.7");
    report.figure(
        "one, two, three instances of %d workers, sandbox at 200 ms a call".formatted(WORKERS),
        "%.0f, %.0f, %.0f calls/s of %d, %d, %d possible; each event was worked on once"
            .formatted(
                Rounds.median(rounds, round -> round.of(1)),
                Rounds.median(rounds, round -> round.of(2)),
                Rounds.median(rounds, round -> round.of(3)),
                MOST,
                2 * MOST,
                3 * MOST));
  }

  private static String times(List<Round> rounds, int instances) {
    return Figures.of(Rounds.median(rounds, round -> round.of(instances) / round.of(1)));
  }

  private Round round() {
    Map<String, String> settings = new HashMap<>(sandbox.settings());
    settings.put("ACUSE_WORKERS", String.valueOf(WORKERS));
    List<BenchServer> servers = new ArrayList<>();
    List<Double> perSecond = new ArrayList<>();
    try {
      for (int instances = 1; instances <= 3; instances++) {
        servers.add(BenchServer.start(database.url(), "", settings));
        double lately = drain.warmUp(servers.get(0), instances * WARM_UP);
        perSecond.add(drain.run(servers.get(0), instances * MOST, lately));
      }
    } finally {
      servers.forEach(BenchServer::close);
    }
    return new Round(perSecond);
  }
}

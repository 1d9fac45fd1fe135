package dev.acuse.bench;

import java.util.Map;

/** How soon after it came a webhook is worked on where nothing else is to be done. */
final class IdleBench {
  private static final int PER_SECOND = 20;

  /** As few as keep being used: one that is silent for five seconds is closed. */
  private static final int CONNECTIONS = 4;

  private static final int WARM_UP_PER_SECOND = 500;

  /** One stretch, as long as all the rounds of other parts. */
  private static final int STRETCH = Math.max(15, Rounds.COUNT * Rounds.SECONDS);

  private static final String WAITS =
      """
      SELECT percentile_disc(%s) WITHIN GROUP (
        ORDER BY extract(epoch FROM a.started_at - e.received_at) * 1000)
      FROM webhook_attempts a JOIN webhook_events e ON e.id = a.event_id
      """;

  private IdleBench() {}

  static void report(BenchReport report) {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", Map.of())) {
      var load = new CountedLoad(server, database);
      server.task("resume");
      var unused = load.open(CONNECTIONS * 4, WARM_UP_PER_SECOND, Rounds.WARM_UP_SECONDS, 1);
      Backlogs.awaitEnd(database);
      Backlogs.clear(database);
      LoadResult result = load.open(CONNECTIONS, PER_SECOND, 0, STRETCH);
      Backlogs.awaitEnd(database);
      Backlogs.checkWorkedOnce(database, result.acknowledged(), "ignored");
      double p50 = wait(database, 0.5);
      double p99 = wait(database, 0.99);
      report.ratio(
          "received → attempt begun, idle service, p99, ms", Figures.of(p99), "50", "≤ 25");
      report.figure(
          "idle service, %d webhooks, one every %d ms: received (before it was stored) → attempt"
                  .formatted(result.acknowledged(), 1_000 / PER_SECOND)
              + " begun",
          "p50 %s, p99 %s, longest %s ms; the answer: p50 %s, p99 %s ms (one stretch)"
              .formatted(
                  Figures.of(p50),
                  Figures.of(p99),
                  Figures.of(wait(database, 1)),
                  Figures.of(result.latency().p50()),
                  Figures.of(result.latency().p99())));
    }
  }

  private static double wait(BenchDatabase database, double share) {
    return Double.parseDouble(database.ask(WAITS.formatted(share)));
  }
}

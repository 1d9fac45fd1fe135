package dev.acuse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of the time that 64 workers have is spent on calls to the APIs: what is lost goes into
 * claims, transactions and records.
 */
final class HandlersBench {
  private static final int WORKERS = 64;
  private static final Duration LATENCY = Duration.ofMillis(100);

  /** Half of the workers, as the documentation advises. */
  private static final int POOL = WORKERS / 2;

  private static final int MOST = WORKERS * 1_000 / (int) LATENCY.toMillis();

  /** As many as take that long if nothing is lost. */
  private static final int WARM_UP = MOST * Rounds.WARM_UP_SECONDS;

  private HandlersBench() {}

  static void report(BenchReport report) {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchSandbox sandbox = BenchSandbox.start(LATENCY)) {
      Map<String, String> settings = new HashMap<>(sandbox.settings());
      settings.put("ACUSE_WORKERS", String.valueOf(WORKERS));
      settings.put("DATABASE_POOL", String.valueOf(POOL));
      try (BenchServer server = BenchServer.start(database.url(), "", settings)) {
        var drain = new HandlerDrain(database, sandbox);
        double lately = drain.warmUp(server, WARM_UP);
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < Rounds.COUNT; i++) {
          lately = drain.run(server, MOST, lately);
          System.out.println(lately + " calls/s");
          rounds.add(lately);
        }
        double median = Rounds.median(rounds, perSecond -> perSecond);
        report.ratio(
            "drain with the real handlers, sandbox at 100 ms a call ÷ (64 workers × 10 calls/s), %",
            "%.0f".formatted(100 * median / MOST), "80", "90");
        report.figure(
            "drain with the real handlers, sandbox at 100 ms a call, 64 workers",
            ("%.0f calls/s amid the backlog, with %d database connections; each event is a payment's"
                    + " look-up, one in %d a tag as well (GoHighLevel's limit)")
                .formatted(median, POOL, HandlerDrain.TAGGED_ONE_IN));
      }
    }
  }
}

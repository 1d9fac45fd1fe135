package dev.acuse.bench;

import dev.acuse.support.PreviousRelease;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A backlog of approved payments, each of which is looked up, stored, linked to its checkout and
 * tagged, by this version and by the release before, in turn. Neither keeps to a limit of calls.
 */
final class TagDrainBench {
  private static final int EVENTS = Integer.getInteger("bench.tags", 3_000);
  private static final int WORKERS = 64;
  private static final List<Integer> LATENCIES = List.of(0, 100);

  private final BenchSandbox sandbox;
  private int sales;

  private TagDrainBench(BenchSandbox sandbox) {
    this.sandbox = sandbox;
  }

  static void report(BenchReport report) {
    PreviousRelease before = PreviousRelease.build();
    for (int millis : LATENCIES) {
      try (BenchSandbox sandbox = BenchSandbox.start(Duration.ZERO);
          BenchDatabase oldDatabase = BenchDatabase.postgresql();
          BenchDatabase newDatabase = BenchDatabase.postgresql();
          UnlimitedServer old =
              UnlimitedServer.start(before.jar(), before.config(), settings(sandbox, oldDatabase));
          UnlimitedServer now =
              UnlimitedServer.start(
                  ChildJava.JAR, Path.of("config.yml"), settings(sandbox, newDatabase))) {
        sandbox.latency("gohighlevel", Duration.ofMillis(millis));
        var bench = new TagDrainBench(sandbox);
        bench.drain(old, oldDatabase);
        bench.drain(now, newDatabase);
        List<Double> olds = new ArrayList<>();
        List<Double> news = new ArrayList<>();
        for (int i = 0; i < Rounds.COUNT; i++) {
          olds.add(bench.drain(old, oldDatabase));
          news.add(bench.drain(now, newDatabase));
          System.out.printf("before %.0f, now %.0f payments/s%n", olds.get(i), news.get(i));
        }
        String what = "drain, a tag for each payment, GoHighLevel at " + millis + " ms";
        report.ratio(
            what + ": this version ÷ the release before",
            Figures.of(Rounds.medianRatio(news, olds)),
            "–",
            "0.9");
        report.figure(
            what + ", no limit of calls, %d workers".formatted(WORKERS),
            "%.0f payments/s; the release before %.0f"
                .formatted(Rounds.median(news, rate -> rate), Rounds.median(olds, rate -> rate)));
      }
    }
  }

  private static Map<String, String> settings(BenchSandbox sandbox, BenchDatabase database) {
    Map<String, String> settings = new HashMap<>(sandbox.settings());
    settings.put("DATABASE_URL", database.url());
    settings.put("DATABASE_USER", "");
    settings.put("ACUSE_WORKERS", String.valueOf(WORKERS));
    settings.put("DATABASE_POOL", String.valueOf(WORKERS / 2));
    settings.put("ACUSE_POLL_INTERVAL", "50ms");
    return settings;
  }

  /** Drains a backlog from its first claim to its last tag; answers payments a second. */
  private double drain(UnlimitedServer server, BenchDatabase database) {
    server.insistOnLife();
    Backlogs.clear(database);
    fill(database);
    long calls = sandbox.calls();
    long start = System.nanoTime();
    database.execute("UPDATE webhook_events SET next_retry_at = now()");
    Backlogs.awaitEnd(database);
    double seconds = (System.nanoTime() - start) / 1e9;
    Backlogs.check(2L * EVENTS, sandbox.calls() - calls, "calls");
    Backlogs.check(
        0, Backlogs.count(database, "webhook_events WHERE status <> 'success'"), "other ends");
    return EVENTS / seconds;
  }

  /** What waits is due in an hour, so that it can be made due at one moment. */
  private void fill(BenchDatabase database) {
    int first = sales;
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      payments.add(sandbox.pay("order-" + sales++, "approved"));
    }
    HandlerDrain.insert(database, first, sales - 1, payments, "now() + INTERVAL '1 hour'");
  }
}

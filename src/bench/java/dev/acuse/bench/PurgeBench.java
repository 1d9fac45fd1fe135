package dev.acuse.bench;

import dev.acuse.bench.LoadResult.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/** What webhooks that arrive feel of a purge of years. */
final class PurgeBench {
  private static final int EVENTS = Integer.getInteger("bench.purged", 1_000_000);
  private static final int LOAD_WARM_UP = 2;
  private static final String OLD = "webhook_events WHERE event_type = 'payment'";

  private static final String FILL_EVENTS =
      """
      INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id,
        mp_payment_id, status, attempts, claim_no, max_attempts, raw_payload,
        payload_size, query_string, headers, signature, last_delivered_at, origin, received_at,
        updated_at, finished_at, intake_run, intake_no)
      SELECT 'mp:payment:' || n || ':x', 'mp', 'payment', 'payment.updated', n::text, n::text,
        'success', 1, 1, 4, convert_to(repeat('x', 200), 'UTF8'), 200,
        'data.id=' || n || '&type=payment', repeat('h', 200), 'verified', at, 'webhook', at, at,
        at, 'run-' || n / 100000, n
      FROM generate_series(1, %d) AS n,
        LATERAL (SELECT now() - interval '60 days' + n * interval '2 seconds' AS at) AS times
      """;

  private static final String FILL_ATTEMPTS =
      """
      INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
        steps)
      SELECT id, 1, 'acuse-1-00000000', received_at, received_at, 'success', repeat('s', 300)
      FROM webhook_events
      """;

  private final BenchServer server;
  private final BenchDatabase database;
  private final CountedLoad load;

  private PurgeBench(BenchServer server, BenchDatabase database) {
    this.server = server;
    this.database = database;
    this.load = new CountedLoad(server, database);
  }

  static void report(BenchReport report) {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", Map.of())) {
      new PurgeBench(server, database).measure(report);
    }
  }

  private void measure(BenchReport report) {
    fill();
    int perSecond = (int) (load.saturation() / 3);
    List<LoadResult> before = open(perSecond);
    long start = System.nanoTime();
    CompletableFuture<Double> purge = CompletableFuture.supplyAsync(() -> purge(start));
    List<LoadResult> during = open(perSecond);
    boolean lasted = !purge.isDone();
    double seconds = purge.join();
    Backlogs.check(0, Backlogs.count(database, OLD), "old events");
    Backlogs.check(0, Backlogs.count(database, "webhook_attempts"), "attempts");
    report.ratio(
        "p99 of the answer during a purge of %d events ÷ before it, open loop at a third of"
                .formatted(EVENTS)
            + " saturation",
        Figures.of(median(during, Latency::p99) / median(before, Latency::p99)),
        "–",
        "–");
    report.figure(
        "purge of %d events with an attempt each, at %d requests/s".formatted(EVENTS, perSecond),
        "%s s; before it %s; during it %s"
                .formatted(Figures.of(seconds), shown(before), shown(during))
            + (lasted ? "" : "; the purge ended before the load"));
  }

  private void fill() {
    database.execute(FILL_EVENTS.formatted(EVENTS));
    database.execute(FILL_ATTEMPTS);
    // What a day's autovacuum would have done.
    database.execute("VACUUM ANALYZE webhook_events, webhook_attempts");
    // What the fill has left to be written would be felt before the purge, not during it.
    database.execute("CHECKPOINT");
  }

  private List<LoadResult> open(int perSecond) {
    List<LoadResult> rounds = new ArrayList<>();
    for (int i = 0; i < Rounds.COUNT; i++) {
      rounds.add(load.open(CountedLoad.OPEN_CONNECTIONS, perSecond, LOAD_WARM_UP, Rounds.SECONDS));
    }
    return rounds;
  }

  private static String shown(List<LoadResult> rounds) {
    return "p50 %s, p99 %s, p99.9 %s ms"
        .formatted(
            Figures.of(median(rounds, Latency::p50)),
            Figures.of(median(rounds, Latency::p99)),
            Figures.of(median(rounds, Latency::p999)));
  }

  private static double median(List<LoadResult> rounds, ToDoubleFunction<Latency> figure) {
    return Rounds.median(rounds, round -> figure.applyAsDouble(round.latency()));
  }

  /** Answers how many seconds it took. */
  private double purge(long start) {
    String answer = server.task("purge?older-than=10d");
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!answer.startsWith(EVENTS + " events")) {
      throw new AssertionError(answer);
    }
    return seconds;
  }
}

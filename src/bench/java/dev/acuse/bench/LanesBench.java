package dev.acuse.bench;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Lane;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.LaneShare;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * What a claim takes where a thousand lanes have something due and one of them a million events,
 * and where one lane has ten thousand; and what it takes to list the lanes. No service runs beside
 * it. Both inboxes stand beside each other and are asked by turns.
 */
final class LanesBench {
  private static final int FLOOD = Integer.getInteger("bench.flood", 1_000_000);
  private static final int FEW = 10_000;
  private static final int LANES = 1_000;
  private static final int CLAIMED = 8;
  private static final int TIMES = 200;
  private static final int STEP = 20_000;

  /** As a dispatcher with eight workers asks: four lanes share what there is. */
  private static final int OF_EACH = 2;

  private static final Set<String> KINDS = Set.of("tag", "find_contact");

  private LanesBench() {}

  static void onPostgresql(BenchReport report) {
    try (BenchDatabase many = BenchDatabase.postgresql();
        BenchDatabase one = BenchDatabase.postgresql()) {
      measure(report, "PostgreSQL", many, one, "≤ 1.5");
    }
  }

  static void onH2(BenchReport report) {
    try (BenchDatabase many = BenchDatabase.h2();
        BenchDatabase one = BenchDatabase.h2()) {
      measure(report, "H2", many, one, "–");
    }
  }

  private static void measure(
      BenchReport report, String engine, BenchDatabase many, BenchDatabase one, String goal) {
    try (var flooded = new Inbox(engine, many, FLOOD, LANES);
        var small = new Inbox(engine, one, FEW, 1)) {
      double[] ofMany = new double[TIMES];
      double[] ofOne = new double[TIMES];
      double[] listing = new double[TIMES];
      for (int i = -TIMES / 4; i < TIMES; i++) {
        double first = i % 2 == 0 ? small.claim() : flooded.claim();
        double second = i % 2 == 0 ? flooded.claim() : small.claim();
        double listed = flooded.list();
        if (i >= 0) {
          ofOne[i] = i % 2 == 0 ? first : second;
          ofMany[i] = i % 2 == 0 ? second : first;
          listing[i] = listed;
        }
      }
      report.figure(
          "%s: claim of %d events, %d lanes, %,d events pending in one of them"
              .formatted(engine, CLAIMED, LANES, FLOOD),
          String.format(
              Locale.ROOT,
              "p50 %.2f ms; of one lane with %,d: p50 %.2f ms",
              median(ofMany),
              FEW,
              median(ofOne)));
      report.ratio(
          "%s: claim with %d lanes and %,d pending ÷ one lane with %,d"
              .formatted(engine, LANES, FLOOD, FEW),
          Figures.of(median(ofMany) / median(ofOne)),
          goal,
          goal);
      report.figure(
          "%s: listing of %d lanes, at most once a poll".formatted(engine, LANES),
          String.format(Locale.ROOT, "p50 %.2f ms", median(listing)));
    }
  }

  private static double median(double[] millis) {
    double[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** So many events of one lane, and one of each other. */
  private static final class Inbox implements AutoCloseable {
    private final DataSource pool = new DataSource();
    private final Jdbi jdbi;
    private final EventStore store;
    private final int lanes;
    private int turn;

    Inbox(String engine, BenchDatabase database, int events, int lanes) {
      this.lanes = lanes;
      // Its start makes the tables; then it is gone, because its dispatcher would claim as well.
      BenchServer.start(database.url(), database.user(), Map.of()).close();
      pool.setDriverClassName(database.isServer() ? "org.postgresql.Driver" : "org.h2.Driver");
      pool.setUrl(database.url());
      pool.setUsername(database.user());
      jdbi = Jdbi.create(pool).installPlugin(new AcuseJdbiPlugin());
      store = new EventStore(jdbi, InstantSource.system(), 4);
      jdbi.useHandle(handle -> handle.execute("DELETE FROM inbox_hold"));
      fill(engine, events);
    }

    /** In steps, because H2 takes ever longer for the rows of one transaction. */
    private void fill(String engine, int events) {
      boolean isPostgresql = engine.equals("PostgreSQL");
      String series = isPostgresql ? "generate_series(%d, %d) AS s (x)" : "SYSTEM_RANGE(%d, %d)";
      String body = isPostgresql ? "'{}'" : "X'7b7d'";
      int last = events + lanes - 1;
      jdbi.useHandle(
          handle -> {
            for (int from = 1; from <= last; from += STEP) {
              handle.execute(
                  """
                  INSERT INTO webhook_events (webhook_id, source, event_type, status, max_attempts,
                    next_retry_at, raw_payload, payload_size, headers, signature,
                    last_delivered_at, origin, received_at, updated_at, lane)
                  SELECT 'e-' || x, 'mp', 'payment', 'pending', 4,
                    CURRENT_TIMESTAMP - INTERVAL '1' HOUR, %s, 2, '{}', 'verified',
                    CURRENT_TIMESTAMP, 'webhook', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,
                    'mp:' || CASE WHEN x <= %d THEN 1 ELSE x - %d + 1 END
                  FROM %s
                  """
                      .formatted(
                          body,
                          events,
                          events,
                          series.formatted(from, Math.min(last, from + STEP - 1))));
            }
            handle.execute(isPostgresql ? "VACUUM ANALYZE webhook_events" : "ANALYZE");
          });
    }

    /** Of the lanes in turn; the flooded one is always among them. */
    double claim() {
      List<LaneShare> shares = new ArrayList<>();
      if (lanes == 1) {
        shares.add(new LaneShare(Lane.MAIN, CLAIMED));
      } else {
        shares.add(new LaneShare(Lane.MAIN, OF_EACH));
        for (int i = 0; i < CLAIMED - OF_EACH; i++) {
          shares.add(new LaneShare(Lane.mercadoPago(2 + turn++ % (lanes - 1)), 1));
        }
      }
      var request = ClaimRequest.due("benchmark", shares, Duration.ofHours(1), KINDS);
      long begin = System.nanoTime();
      List<WebhookEvent> claimed = store.claim(request);
      double millis = (System.nanoTime() - begin) / 1e6;
      Backlogs.check(CLAIMED, claimed.size(), "events claimed");
      // Given back, so that the next claim finds the same.
      jdbi.useHandle(handle -> handle.execute("DELETE FROM webhook_leases"));
      return millis;
    }

    double list() {
      long begin = System.nanoTime();
      int found = store.pendingLanes().size();
      double millis = (System.nanoTime() - begin) / 1e6;
      Backlogs.check(lanes, found, "lanes listed");
      return millis;
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}

package dev.acuse.bench;

import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * Webhooks that ask for no work, over the whole path of the intake; each that was acknowledged is
 * counted as a row. While the dispatcher runs, a payment's would wait for MercadoPago.
 */
final class CountedLoad {
  /** Fewer than the service takes from one address. */
  static final int OPEN_CONNECTIONS = 192;

  /** After a third of it the service takes half as much: the compiler is still at work. */
  private static final int WARM_UP_SECONDS = 3 * Rounds.WARM_UP_SECONDS;

  private static final String PATH = "/webhooks/mp";
  private static final String ROWS = "webhook_events WHERE event_type = '" + Backlogs.TYPE + "'";

  private final BenchServer server;
  private final BenchDatabase database;

  CountedLoad(BenchServer server, BenchDatabase database) {
    this.server = server;
    this.database = database;
  }

  /** What the service takes at most, after a warm-up: 64 connections, closed loop. */
  double saturation() {
    var unused = closed(WARM_UP_SECONDS, 1);
    return closed(1, Rounds.SECONDS).perSecond();
  }

  /** Each of 64 connections sends when its last answer is there. */
  LoadResult closed(int warmUp, int seconds) {
    return send(IntakeBench.plan(server.port(), PATH, 0, warmUp, seconds));
  }

  /** At a fixed rate, whatever becomes of the ones before. */
  LoadResult open(int connections, int perSecond, int warmUp, int seconds) {
    return send(
        IntakeBench.plan(server.port(), PATH, perSecond, warmUp, seconds)
            .withConnections(connections));
  }

  private LoadResult send(LoadPlan plan) {
    long before = Backlogs.count(database, ROWS);
    LoadResult result = IntakeBench.send(plan.withType(Backlogs.TYPE));
    Backlogs.check(0, result.refused(), "refused webhooks");
    // What went to the spool, for the disk was slow, is a row a little later.
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                Backlogs.check(
                    before + result.acknowledged(), Backlogs.count(database, ROWS), "rows"));
    return result;
  }
}

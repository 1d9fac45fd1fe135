package dev.acuse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A backlog of payments that the real handlers look up at the sandbox, store, link to their
 * checkouts and tag. Each event is a payment of its own with a checkout of its own: one look-up,
 * the least that an event can ask for. One in a hundred is approved, and so is tagged: GoHighLevel
 * allows ten calls a second, and no setting of the service exceeds that.
 */
final class HandlerDrain {
  static final int TAGGED_ONE_IN = 100;

  /** A service gets faster with use; one that more than doubles between two drains is not warm. */
  private static final int GROWTH = 2;

  /** Until all instances have looked and all workers are busy. */
  private static final int RAMP = 2;

  private static final int MARGIN = 2;

  private final BenchDatabase database;
  private final BenchSandbox sandbox;
  private int sales;

  HandlerDrain(BenchDatabase database, BenchSandbox sandbox) {
    this.database = database;
    this.sandbox = sandbox;
  }

  /**
   * Drains a backlog to its end; answers its calls a second, its beginning and end included.
   *
   * @param server one of those that drain; the pause is lifted for all
   */
  double warmUp(BenchServer server, int events) {
    long before = begin(server, events);
    long start = System.nanoTime();
    end(server, events, before);
    return (sandbox.calls() - before) / ((System.nanoTime() - start) / 1e9);
  }

  /**
   * Drains a backlog to its end, and measures amid it.
   *
   * @param server one of those that drain; the pause is lifted for all
   * @param most calls a second that are possible
   * @param lately calls a second of the drain before
   * @return calls a second
   */
  double run(BenchServer server, int most, double lately) {
    int events = (int) (Math.min(most, GROWTH * lately) * (RAMP + Rounds.SECONDS + MARGIN));
    long before = begin(server, events);
    pass(Duration.ofSeconds(RAMP));
    long calls = sandbox.calls();
    long start = System.nanoTime();
    pass(Duration.ofSeconds(Rounds.SECONDS));
    double perSecond = (sandbox.calls() - calls) / ((System.nanoTime() - start) / 1e9);
    if (Backlogs.waiting(database, Long.MAX_VALUE) == 0) {
      throw new AssertionError("the backlog ended while it was measured");
    }
    end(server, events, before);
    return perSecond;
  }

  /** Answers the calls before. */
  private long begin(BenchServer server, int events) {
    Backlogs.clear(database);
    fill(events);
    long calls = sandbox.calls();
    server.task("resume");
    return calls;
  }

  private void end(BenchServer server, int events, long callsBefore) {
    Backlogs.awaitEnd(database);
    server.task("pause?by=benchmark");
    int tagged = (events + TAGGED_ONE_IN - 1) / TAGGED_ONE_IN;
    // A tag is an event of its own.
    Backlogs.checkWorkedOnce(database, events + tagged, "success");
    Backlogs.check(events + tagged, sandbox.calls() - callsBefore, "calls");
  }

  private void fill(int events) {
    int first = sales;
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      boolean approved = i % TAGGED_ONE_IN == 0;
      payments.add(sandbox.pay("order-" + sales++, approved ? "approved" : "in_process"));
    }
    insert(database, first, sales - 1, payments, "now()");
  }

  /**
   * Stores checkouts and the events of their payments.
   *
   * @param first number of the first order
   * @param last number of the last
   * @param dueAt when the events are due, as SQL
   */
  static void insert(
      BenchDatabase database, int first, int last, List<String> payments, String dueAt) {
    database.execute(
        """
        INSERT INTO checkouts (external_reference, contact_id, title, amount, currency, status,
          created_at, updated_at)
        SELECT 'order-' || n, 'contact' || n, 'Consulta', 10, 'ARS', 'open', now(), now()
        FROM generate_series(%d, %d) AS n
        """
            .formatted(first, last));
    database.execute(
        """
        INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status,
          max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
          last_delivered_at, origin, received_at, updated_at)
        SELECT gen_random_uuid(), 'mp', 'payment', 'payment.updated', payment, 'pending', 4, %s,
          '{}', 2, '{}', 'verified', now(), 'webhook', now(), now()
        FROM unnest('{%s}'::text[]) AS payment
        """
            .formatted(dueAt, String.join(",", payments)));
    database.execute("VACUUM ANALYZE webhook_events, checkouts");
  }

  private static void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(time.plusSeconds(10))
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(() -> System.nanoTime() >= end);
  }
}

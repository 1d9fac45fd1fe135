package dev.acuse.bench;

import java.time.Duration;
import org.awaitility.Awaitility;

/** Events that wait in the inbox, and what became of them. */
final class Backlogs {
  /** A type that nobody handles: claimed, attempted, recorded, and nothing else. */
  static final String TYPE = "benchmark";

  // By an index: the question must not cost what is measured.
  private static final String NONE_OPEN =
      """
      SELECT NOT EXISTS (
        SELECT 1 FROM webhook_events WHERE status = 'pending' ORDER BY next_retry_at)
      """;

  private static final String WORKED = "(SELECT DISTINCT event_id FROM webhook_attempts) AS worked";

  private Backlogs() {}

  /**
   * Adds events that ask for no work, all of them due: payments, as most events are, their ids one
   * after the other and their keys as MercadoPago's webhooks have them, but of a source that nobody
   * handles.
   */
  static void fill(BenchDatabase database, int events) {
    database.execute(
        """
        INSERT INTO webhook_events (webhook_id, source, event_type, resource_id, status,
          max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
          last_delivered_at, origin, received_at, updated_at)
        SELECT 'mp:payment:' || payment || ':' || left(md5(payment), 16), 'bench', 'payment',
          payment, 'pending', 4, now(), '{}', 2, '{}', 'verified', now(), 'webhook', now(), now()
        FROM (SELECT CAST(170000000000 + n + last.id AS text) AS payment
          FROM generate_series(1, %d) AS n,
            (SELECT coalesce(max(id), 0) AS id FROM webhook_events) AS last) AS told
        """
            .formatted(events));
    database.execute("VACUUM ANALYZE webhook_events");
  }

  /** Empties the inbox, so that a round begins as the one before it. */
  static void clear(BenchDatabase database) {
    database.execute("TRUNCATE webhook_events, webhook_attempts, webhook_leases");
  }

  /** Waits until nothing waits and nothing is being worked on. */
  static void awaitEnd(BenchDatabase database) {
    database.awaitTrue(NONE_OPEN);
  }

  /** How many events wait, of those up to this number. */
  static long waiting(BenchDatabase database, long lastId) {
    return count(database, "webhook_events WHERE status = 'pending' AND id <= " + lastId);
  }

  static long lastId(BenchDatabase database) {
    return Long.parseLong(database.ask("SELECT max(id) FROM webhook_events"));
  }

  /** The inbox holds so many events, all of this status after one attempt each. */
  static void checkWorkedOnce(BenchDatabase database, long events, String status) {
    check(events, count(database, "webhook_events WHERE status = '" + status + "'"), "events");
    check(events, count(database, "webhook_events"), "events in all");
    check(events, count(database, "webhook_attempts"), "attempts");
    check(events, count(database, WORKED), "events with an attempt");
  }

  /**
   * Pauses amid a backlog, lets what runs end, and checks that each event which has ended was
   * worked on once, and no other.
   */
  static void stopAndCheck(BenchServer server, BenchDatabase database, String status) {
    server.task("pause?by=benchmark");
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> count(database, "webhook_leases") == 0);
    long ended = count(database, "webhook_events WHERE status = '" + status + "'");
    long waiting = waiting(database, Long.MAX_VALUE);
    check(count(database, "webhook_events") - waiting, ended, "events that ended well");
    check(ended, count(database, "webhook_attempts"), "attempts");
    check(ended, count(database, WORKED), "events with an attempt");
  }

  static long count(BenchDatabase database, String what) {
    return Long.parseLong(database.ask("SELECT count(*) FROM " + what));
  }

  static void check(long expected, long found, String what) {
    if (found != expected) {
      throw new AssertionError(expected + " " + what + " were expected, there are " + found);
    }
  }
}

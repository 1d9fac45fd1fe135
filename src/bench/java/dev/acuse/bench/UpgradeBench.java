package dev.acuse.bench;

import dev.acuse.database.PastSchema;
import dev.acuse.database.Schema;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;

/**
 * How long the migration of lanes and effects takes on an inbox of the release before, how much of
 * the disk it needs at most, and how long a webhook waits behind it on PostgreSQL.
 */
final class UpgradeBench {
  private static final int EVENTS = Integer.getInteger("bench.events", 1_000_000);
  private static final int PAYMENTS = EVENTS / 2;
  private static final int STEP = 20_000;
  private static final long EVERY_MILLIS = 10;
  private static final double MEGABYTE = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;

  private static final String STORE =
      """
      INSERT INTO webhook_events (webhook_id, source, event_type, resource_id, status, max_attempts,
        next_retry_at, raw_payload, payload_size, headers, signature, last_delivered_at, origin,
        received_at, updated_at)
      VALUES (?, 'mp', 'payment', '1', 'pending', 4, CURRENT_TIMESTAMP, ?, 2, '{}', 'verified',
        CURRENT_TIMESTAMP, 'webhook', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
      ON CONFLICT DO NOTHING
      """;

  /** What was measured on one engine; sizes in bytes, the wait in nanoseconds. */
  private record Measured(double seconds, long before, long peak, long stored, long longest) {}

  private UpgradeBench() {}

  static void report(BenchReport report) throws Exception {
    for (Engine engine : Engine.values()) {
      Measured measured = measure(engine);
      report.figure(
          "%,d events of 1.0.0 upgraded, %s".formatted(EVENTS, engine),
          "%s s; disk %s MB before, %s MB at most (%s ×)%s"
              .formatted(
                  Figures.of(measured.seconds()),
                  Figures.of(measured.before() / MEGABYTE),
                  Figures.of(measured.peak() / MEGABYTE),
                  Figures.of((double) measured.peak() / measured.before()),
                  engine == Engine.H2
                      ? "; the service is stopped meanwhile"
                      : "; of %,d webhooks stored meanwhile one waited for %s ms at most"
                          .formatted(
                              measured.stored(),
                              Figures.of(measured.longest() / NANOS_PER_MILLI))));
    }
  }

  private static Measured measure(Engine engine) throws Exception {
    try (TestDatabase database = TestDatabase.openEmpty(engine)) {
      PastSchema.make(database);
      database.jdbi().useHandle(handle -> fill(handle, engine));
      long before = size(database);
      long began = System.nanoTime();
      CompletableFuture<Long> upgrade =
          CompletableFuture.supplyAsync(
              () -> {
                new Schema(database.dataSource()).migrate();
                return System.nanoTime() - began;
              });
      long peak = before;
      long stored = 0;
      long longest = 0;
      while (!isDoneWithin(EVERY_MILLIS, upgrade)) {
        if (engine == Engine.POSTGRESQL) {
          long sent = System.nanoTime();
          String key = "upgrade:" + stored;
          database.jdbi().useHandle(handle -> handle.execute(STORE, key, new byte[] {1, 2}));
          longest = Math.max(longest, System.nanoTime() - sent);
          stored++;
        }
        if (engine == Engine.H2 || stored % 100 == 0) {
          peak = Math.max(peak, size(database));
        }
      }
      return new Measured(
          upgrade.get() / 1e9, before, Math.max(peak, size(database)), stored, longest);
    }
  }

  private static boolean isDoneWithin(long millis, CompletableFuture<Long> upgrade)
      throws InterruptedException, ExecutionException {
    try {
      upgrade.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static long size(TestDatabase database) {
    if (database.engine() == Engine.POSTGRESQL) {
      return database
          .jdbi()
          .withHandle(
              handle ->
                  handle
                      .createQuery("SELECT pg_database_size(current_database())")
                      .mapTo(Long.class)
                      .one());
    }
    try {
      return Files.size(Path.of(database.folder().resolve("acuse.mv.db").toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * With ids of its own, because H2 commits at each few that it makes, and the file would swell;
   * and in steps, because H2 takes ever longer for the rows of one transaction.
   */
  private static void fill(Handle handle, Engine engine) {
    boolean isH2 = engine == Engine.H2;
    String numbers = isH2 ? "SYSTEM_RANGE(%d, %d) AS n (x)" : "generate_series(%d, %d) AS n (x)";
    String body =
        isH2
            ? "STRINGTOUTF8('{\"action\":\"payment.updated\",\"data\":{\"id\":\"' || x || '\"}}')"
            : "convert_to('{\"action\":\"payment.updated\",\"data\":{\"id\":\"' || x || '\"}}',"
                + " 'UTF8')";
    for (int from = 1; from <= EVENTS; from += STEP) {
      int last = Math.min(EVENTS, from + STEP - 1);
      if (from <= PAYMENTS) {
        fillPayments(handle, numbers.formatted(from, Math.min(PAYMENTS, last)), from, last);
      }
      fillEvents(handle, numbers.formatted(from, last), body, from, last);
    }
    for (String table : List.of("payments", "crm_tags", "webhook_events", "webhook_attempts")) {
      handle.execute("ALTER TABLE " + table + " ALTER COLUMN id RESTART WITH " + (EVENTS + 1));
    }
  }

  private static void fillPayments(Handle handle, String numbers, int from, int last) {
    handle.execute(
        """
        INSERT INTO payments (id, mp_payment_id, contact_id, status, amount, currency, created_at,
          updated_at)
        SELECT x, CAST(x AS VARCHAR), 'contact' || x, 'approved', 10, 'ARS', CURRENT_TIMESTAMP,
          CURRENT_TIMESTAMP FROM %s
        """
            .formatted(numbers));
    handle.execute(
        """
        INSERT INTO crm_tags (id, contact_id, tag, payment_id, applied_at, created_at)
        SELECT id, contact_id, 'pago_confirmado', id, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
        FROM payments WHERE id BETWEEN ? AND ?
        """,
        from,
        last);
  }

  private static void fillEvents(Handle handle, String numbers, String body, int from, int last) {
    handle.execute(
        """
        INSERT INTO webhook_events (id, webhook_id, source, event_type, action, resource_id, status,
          attempts, max_attempts, raw_payload, payload_size, query_string, headers, signature,
          last_delivered_at, origin, received_at, updated_at, finished_at, intake_run, intake_no)
        SELECT x, 'mp:payment:' || x || ':0123456789abcdef', 'mp', 'payment', 'payment.updated',
          CAST(x AS VARCHAR), 'success', 1, 4, %s, 60, 'data.id=' || x || '&type=payment',
          '{"x-request-id":"0123456789abcdef0123456789abcdef"}', 'verified', CURRENT_TIMESTAMP,
          'webhook', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'run', x
        FROM %s
        """
            .formatted(body, numbers));
    handle.execute(
        """
        INSERT INTO webhook_attempts (id, event_id, number, worker, started_at, finished_at, outcome,
          steps)
        SELECT id, id, 1, 'acuse-1-01234567/worker-1', received_at, received_at, 'success', '[]'
        FROM webhook_events WHERE id BETWEEN ? AND ?
        """,
        from,
        last);
  }
}

package dev.acuse.support;

import org.jdbi.v3.core.Jdbi;

/**
 * Years of a busy merchant's inbox, made by PostgreSQL itself: nine of ten events have ended well,
 * some wait, some failed or are in quarantine, and one in a thousand is of another type or origin.
 * Of ten thousand more are: whatever is asked for, there is more of it than a page of fifty shows.
 */
public final class LargeInbox {
  private static final String PAYMENTS =
      """
      INSERT INTO payments (mp_payment_id, external_reference, status, amount, currency,
        payer_email, mp_updated_at, flag, created_at, updated_at)
      SELECT n::text, 'order-' || n, CASE WHEN n % 50 = 0 THEN 'refunded' ELSE 'approved' END,
        100, 'ARS', 'buyer' || n || '@example.test', now() - n * interval '20 seconds',
        CASE WHEN n % 1000 = 0 THEN 'amount' END, now(), now()
      FROM generate_series(1, :count) n
      """;

  /** Of none of the payments. */
  private static final String CHECKOUTS =
      """
      INSERT INTO checkouts (external_reference, contact_id, title, amount, currency, status,
        created_at, updated_at)
      SELECT 'order-' || n, 'contact-' || n, 'Consulta', 100, 'ARS', 'open', now(), now()
      FROM generate_series(1, :count) n
      """;

  private static final String EVENTS =
      """
      INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id,
        mp_payment_id, preference_id, payment_id, status, attempts, claim_no, max_attempts,
        next_retry_at, raw_payload, payload_size, query_string, headers, signature,
        last_delivered_at, origin, received_at, updated_at, finished_at, intake_run, intake_no)
      SELECT 'mp:payment:' || n || ':x', 'mp',
        CASE WHEN n % LEAST(1000, :count / 60) = 7 THEN 'topic_claims' ELSE 'payment' END,
        'payment.updated', n::text,
        CASE WHEN s.status = 'success' THEN n::text END,
        CASE WHEN s.status = 'success' THEN 'pref-' || n END,
        CASE WHEN s.status = 'success' THEN p.id END,
        s.status, 1, 1, 4,
        CASE WHEN s.status = 'pending' THEN now() - interval '1 minute' END,
        convert_to('{"action":"payment.updated","data":{"id":"' || n || '"},"type":"payment"}',
          'UTF8'), 60, 'data.id=' || n || '&type=payment', '{"x-request-id":"r' || n || '"}',
        'verified', at,
        CASE WHEN n % LEAST(1000, :count / 60) = 3 THEN 'reconciliation' ELSE 'webhook' END, at, at,
        CASE WHEN s.status IN ('success', 'failed', 'ignored') THEN at END,
        'run-' || n / 100000, n
      FROM generate_series(1, :count) n
      JOIN LATERAL (SELECT now() - (:count - n) * interval '20 seconds' AS at,
        CASE WHEN n > :count - 500 THEN 'pending'
          WHEN n % 150 = 0 THEN 'failed' WHEN n % 150 = 1 THEN 'quarantined'
          WHEN n % 40 = 2 THEN 'ignored' ELSE 'success' END AS status) s ON TRUE
      LEFT JOIN payments p ON p.mp_payment_id = n::text
      """;

  private static final String LEASE =
      """
      INSERT INTO webhook_leases (id, owner, claimed_at, expires_at, event_ids, claim_nos)
      SELECT -1, 'gone', now(), now() + interval '1 hour', array_agg(id), array_agg(claim_no + 1)
      FROM (SELECT id, claim_no FROM webhook_events ORDER BY id DESC LIMIT 5) AS latest
      """;

  private static final String ATTEMPTS =
      """
      INSERT INTO webhook_attempts (event_id, number, worker, started_at, finished_at, outcome,
        steps)
      SELECT id, 1, 'gone', received_at, received_at, 'success', '[]'
      FROM webhook_events WHERE status = 'success'
      """;

  /** A tag for each payment; some failed, some wait, and one in a thousand looks for a contact. */
  private static final String EFFECTS =
      """
      INSERT INTO effects (account_id, family, kind, target, name, wanted, generation, state,
        created_at, updated_at)
      SELECT 1, 'standing', CASE WHEN id % 1000 = 3 THEN 'find_contact' ELSE 'tag' END,
        'contact-' || id, 'cliente', 'present', 1,
        CASE WHEN id % 400 = 0 THEN 'failed' WHEN id % 400 = 1 THEN 'waiting' ELSE 'done' END,
        now(), now()
      FROM payments
      """;

  private static final String REASONS =
      """
      INSERT INTO effect_reasons (effect_id, subject, rule, version, account_id, created_at)
      SELECT id, 'payment:' || substr(target, 9), 'approved', 0, 1, now() FROM effects
      """;

  private LargeInbox() {}

  /**
   * Fills a migrated and empty PostgreSQL database with this many events, half as many payments,
   * checkouts and effects.
   */
  public static void fill(Jdbi jdbi, int events) {
    jdbi.useHandle(
        handle -> {
          handle.createUpdate(PAYMENTS).bind("count", events / 2).execute();
          handle.createUpdate(CHECKOUTS).bind("count", events / 2).execute();
          handle.createUpdate(EVENTS).bind("count", events).execute();
          handle.createUpdate(LEASE).execute();
          handle.createUpdate(ATTEMPTS).execute();
          handle.createUpdate(EFFECTS).execute();
          handle.createUpdate(REASONS).execute();
          // What a day's autovacuum would have done.
          for (String table :
              new String[] {
                "webhook_events",
                "payments",
                "checkouts",
                "webhook_attempts",
                "effects",
                "effect_reasons"
              }) {
            // Twice, because the first leaves out the pages that another worker is at.
            handle.execute("VACUUM (ANALYZE) " + table);
            handle.execute("VACUUM (ANALYZE) " + table);
          }
        });
  }
}

package dev.acuse.it.operations;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What an inbox of the release before holds after a while: ten thousand events in every status, and
 * payments whose tags are on their contacts, claimed, outstanding, or not due any more. Its tables
 * are as that release has made them.
 */
final class PastInbox {
  static final int EVENTS = 10_000;
  private static final int PAYMENTS = 400;

  private PastInbox() {}

  /** Contacts of which the tag is outstanding; the sandbox knows them. */
  static List<String> outstanding() {
    return java.util.stream.IntStream.rangeClosed(341, 380).mapToObj(i -> "past" + i).toList();
  }

  /** Fills the tables; no process may be at an H2 file. */
  static void fill(TestDatabase database, Sandbox sandbox) {
    outstanding().forEach(contact -> sandbox.goHighLevel().addContact(contact, null));
    database.jdbi().useTransaction(handle -> fill(handle, database.engine()));
  }

  private static void fill(Handle handle, Engine engine) {
    String numbers =
        engine == Engine.H2 ? "SYSTEM_RANGE(1, %d) AS n (x)" : "generate_series(1, %d) AS n (x)";
    // Flagged, flagged and accepted, refunded since, and simply approved.
    handle.execute(
        """
        INSERT INTO payments (mp_payment_id, contact_id, status, amount, currency, flag, accepted_at,
          created_at, updated_at)
        SELECT 'past' || x, 'past' || x, CASE WHEN x <= 20 THEN 'refunded' ELSE 'approved' END, 10,
          'ARS', CASE WHEN x BETWEEN 301 AND 340 THEN 'amount_mismatch' END,
          CASE WHEN x BETWEEN 321 AND 340 THEN CURRENT_TIMESTAMP END,
          CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
        FROM %s
        """
            .formatted(numbers.formatted(PAYMENTS)));
    // Applied; from 341 on outstanding, of which the last ten are claimed by a process that is
    // gone.
    handle.execute(
        """
        INSERT INTO crm_tags (contact_id, tag, payment_id, applied_at, claim_token, claimed_until,
          created_at)
        SELECT p.contact_id, 'pago_confirmado', p.id,
          CASE WHEN n.x < 341 OR n.x > 380 THEN CURRENT_TIMESTAMP END,
          CASE WHEN n.x BETWEEN 371 AND 380 THEN 'gone' END,
          CASE WHEN n.x BETWEEN 371 AND 380 THEN CURRENT_TIMESTAMP + INTERVAL '1' HOUR END,
          CURRENT_TIMESTAMP
        FROM %s JOIN payments p ON p.mp_payment_id = 'past' || n.x
        WHERE n.x NOT BETWEEN 301 AND 320
        """
            .formatted(numbers.formatted(PAYMENTS)));
    handle.execute(
        """
        INSERT INTO webhook_events (webhook_id, source, event_type, resource_id, payment_id, status,
          attempts, max_attempts, next_retry_at, raw_payload, payload_size, headers, signature,
          last_delivered_at, origin, last_error, received_at, updated_at, finished_at)
        SELECT 'mp:payment:past' || n.x, 'mp', 'payment', 'past' || n.x, NULL,
          CASE MOD(n.x, 20) WHEN 0 THEN 'failed' WHEN 1 THEN 'ignored' WHEN 2 THEN 'quarantined'
            WHEN 3 THEN 'pending' ELSE 'success' END,
          1, 4, CASE WHEN MOD(n.x, 20) = 3 THEN CURRENT_TIMESTAMP + INTERVAL '1' DAY END,
          %s, 2, '{}', 'verified', CURRENT_TIMESTAMP,
          CASE MOD(n.x, 50) WHEN 4 THEN 'reconciliation' WHEN 5 THEN 'manual' ELSE 'webhook' END,
          NULL, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,
          CASE WHEN MOD(n.x, 20) NOT IN (2, 3) THEN CURRENT_TIMESTAMP END
        FROM %s
        """
            .formatted(
                engine == Engine.H2 ? "X'7b7d'" : "decode('7b7d', 'hex')",
                numbers.formatted(EVENTS)));
  }
}

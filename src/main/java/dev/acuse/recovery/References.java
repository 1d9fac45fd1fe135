package dev.acuse.recovery;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Links of rows to rows that are lost: gone, or with them whatever is nothing without. And rows
 * that are older than others that speak of them.
 */
final class References {
  private static final List<String> MENDING =
      List.of(
          """
          UPDATE payments SET checkout_id = NULL WHERE checkout_id IS NOT NULL
            AND checkout_id NOT IN (SELECT id FROM checkouts)
          """,
          """
          UPDATE webhook_events SET payment_id = NULL WHERE payment_id IS NOT NULL
            AND payment_id NOT IN (SELECT id FROM payments)
          """,
          "DELETE FROM crm_tags WHERE payment_id NOT IN (SELECT id FROM payments)",
          "DELETE FROM webhook_attempts WHERE event_id NOT IN (SELECT id FROM webhook_events)",
          // In a file of version 1.0.0 they have no kind, and the migration has met an empty table.
          """
          UPDATE webhook_events SET last_error_kind = 'unhandled_topic'
            WHERE status = 'ignored' AND origin = 'webhook' AND signature = 'verified'
              AND last_error_kind IS NULL AND last_error = CONCAT('no handler for ', event_type)
              AND event_type NOT IN
                ('topic_card_id_wh', 'automatic-payments', 'wallet_connect', 'delivery')
          """,
          "DELETE FROM unhandled_events WHERE event_id NOT IN (SELECT id FROM webhook_events"
              + " WHERE status = 'ignored' AND last_error_kind = 'unhandled_topic')",
          """
          INSERT INTO unhandled_events (event_id, account_id, topic, verified, received_at)
            SELECT id, account_id, event_type, signature = 'verified', received_at
            FROM webhook_events
            WHERE status = 'ignored' AND last_error_kind = 'unhandled_topic'
              AND id NOT IN (SELECT event_id FROM unhandled_events)
          """,
          // A page may tell of an event as it was before attempts that are there: the next attempt
          // must not take the number of one of them, or its end could never be recorded.
          """
          UPDATE webhook_events SET claim_no = (SELECT MAX(number) FROM webhook_attempts
              WHERE event_id = webhook_events.id)
            WHERE claim_no < (SELECT MAX(number) FROM webhook_attempts
              WHERE event_id = webhook_events.id)
          """,
          "DELETE FROM effect_reasons WHERE effect_id NOT IN (SELECT id FROM effects)",
          """
          UPDATE effects SET event_id = NULL WHERE event_id IS NOT NULL
            AND event_id NOT IN (SELECT id FROM webhook_events)
          """,
          "DELETE FROM dispute_payments WHERE dispute_id NOT IN (SELECT id FROM disputes)",
          // What the carry-over has made may be lost, and what is there it leaves alone.
          """
          UPDATE tag_carry_over SET done = FALSE, contact_id = '', tag = ''
            WHERE EXISTS (SELECT 1 FROM crm_tags)
          """,
          "DELETE FROM mp_order_payments WHERE order_id NOT IN (SELECT id FROM mp_orders)",
          "DELETE FROM reconciliation_findings WHERE run_id NOT IN (SELECT id FROM"
              + " reconciliation_runs)",
          "DELETE FROM person_accounts WHERE person_id NOT IN (SELECT id FROM people)",
          "DELETE FROM api_key_accounts WHERE key_id NOT IN (SELECT id FROM api_keys)",
          """
          INSERT INTO applications (id, uuid, name, created_at, updated_at)
            SELECT 1, '00000000-0000-4000-8000-000000000001', 'main', CURRENT_TIMESTAMP,
              CURRENT_TIMESTAMP
            WHERE NOT EXISTS (SELECT 1 FROM applications WHERE id = 1)
          """,
          """
          INSERT INTO accounts (id, uuid, name, display_name, state, application_id, created_at,
              updated_at)
            SELECT 1, '00000000-0000-4000-8000-000000000001', 'main', 'main', 'active', 1,
              CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
            WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE id = 1)
          """,
          // An id that is given again would give another's events away. What is pending waits until
          // an operator has given it its credentials. Their application comes beyond any that the
          // service may put back.
          """
          INSERT INTO accounts (id, uuid, name, display_name, state, application_id, created_at,
              updated_at)
            SELECT account_id, CAST(RANDOM_UUID() AS VARCHAR), 'lost-' || account_id,
              'lost-' || account_id, 'paused',
              (SELECT MAX(id) FROM applications) + 1000 + account_id, CURRENT_TIMESTAMP,
              CURRENT_TIMESTAMP
            FROM (SELECT account_id FROM webhook_events UNION SELECT account_id FROM payments
              UNION SELECT account_id FROM checkouts UNION SELECT account_id FROM effects
              UNION SELECT account_id FROM disputes UNION SELECT account_id FROM mp_orders) AS named
            WHERE account_id > 0 AND account_id NOT IN (SELECT id FROM accounts)
          """,
          // No secret of another application may sign for the accounts of one that is lost.
          """
          INSERT INTO applications (id, uuid, name, created_at, updated_at)
            SELECT application_id, CAST(RANDOM_UUID() AS VARCHAR), 'lost-' || application_id,
              CURRENT_TIMESTAMP, CURRENT_TIMESTAMP
            FROM (SELECT DISTINCT application_id FROM accounts) AS named
            WHERE application_id NOT IN (SELECT id FROM applications)
          """,
          """
          INSERT INTO account_settings (id, version, updated_at)
            SELECT 1, 0, CURRENT_TIMESTAMP WHERE NOT EXISTS (SELECT 1 FROM account_settings)
          """);

  /** Tells the service that more of the accounts may stand in its own file than in the database. */
  private static final String ACCOUNTS_LOST = "UPDATE account_settings SET version = -1";

  private References() {}

  static void mend(Jdbi jdbi) {
    jdbi.useTransaction(handle -> MENDING.forEach(handle::execute));
  }

  /** Not all accounts could be read. After {@link #mend}. */
  static void accountsAreLost(Jdbi jdbi) {
    jdbi.useHandle(handle -> handle.execute(ACCOUNTS_LOST));
  }
}

package dev.acuse.recovery.journal;

import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Jdbi;

/** How far reconciliation of each account has come: less far, after a loss. */
public final class Watermark {
  /** What may be missing though the journal was put back: payments, as MercadoPago has them. */
  public static final Duration LEAST = Journal.KEPT.plusHours(2);

  /** As far back as its search reaches; the reconciler shortens it to that. */
  public static final Duration ALL = Duration.ofDays(364);

  private static final String SOURCE = "mp";

  private Watermark() {}

  /**
   * Has reconciliation of each account begin at this time again, at the latest. An account whose
   * row is lost is known by what is here of it.
   */
  public static void moveBack(Jdbi jdbi, Instant to) {
    jdbi.useTransaction(
        handle -> {
          handle
              .createUpdate(
                  """
                  INSERT INTO reconciliation_state (account_id, source, watermark)
                  SELECT known.id, :source, CAST(:to AS TIMESTAMP WITH TIME ZONE)
                  FROM (SELECT id FROM accounts
                    UNION SELECT account_id FROM payments
                    UNION SELECT account_id FROM webhook_events WHERE account_id > 0) known
                  ON CONFLICT DO NOTHING
                  """)
              .bind("source", SOURCE)
              .bind("to", to)
              .execute();
          handle
              .createUpdate(
                  """
                  UPDATE reconciliation_state SET watermark = LEAST(watermark, :to),
                    lease_owner = NULL, lease_expires_at = NULL
                  WHERE source = :source
                  """)
              .bind("source", SOURCE)
              .bind("to", to)
              .execute();
        });
  }
}

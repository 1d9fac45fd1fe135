package dev.acuse.payment;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * The SQL of {@code crm_tags}, one method a statement, for the length of one handle. Whoever writes
 * holds the lock on the payment's row, so that no two writers can wait for each other.
 */
final class TagDao {
  private final Handle handle;

  TagDao(Handle handle) {
    this.handle = handle;
  }

  List<ContactTag> ofPayment(long paymentId) {
    return handle
        .createQuery(
            """
            SELECT id, payment_id, contact_id, tag, claimed_until, applied_at, created_at
            FROM crm_tags WHERE payment_id = :paymentId ORDER BY id
            """)
        .bind("paymentId", paymentId)
        .map(PaymentRows.TAG)
        .list();
  }

  /** Those of these payments that have one of these tags for a contact, applied or not. */
  List<Long> holders(List<Long> paymentIds, String contactId, List<String> wanted) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT payment_id FROM crm_tags
            WHERE payment_id = ANY(:ids) AND contact_id = :contactId AND tag = ANY(:tags)
            """)
        .bindArray("ids", Long.class, paymentIds)
        .bind("contactId", contactId)
        .bindArray("tags", String.class, wanted)
        .map(PaymentRows.NUMBER)
        .list();
  }

  /** Those of these payments that have a tag which is not on its contact. */
  List<Long> outstanding(List<Long> paymentIds) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT payment_id FROM crm_tags
            WHERE payment_id = ANY(:ids) AND applied_at IS NULL
            """)
        .bindArray("ids", Long.class, paymentIds)
        .map(PaymentRows.NUMBER)
        .list();
  }

  void insert(String contactId, String tag, long paymentId, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO crm_tags (contact_id, tag, payment_id, created_at)
            VALUES (:contactId, :tag, :paymentId, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("contactId", contactId)
        .bind("tag", tag)
        .bind("paymentId", paymentId)
        .bind("now", now)
        .execute();
  }

  void delete(long id) {
    handle
        .createUpdate("DELETE FROM crm_tags WHERE id = :id AND applied_at IS NULL")
        .bind("id", id)
        .execute();
  }

  int claim(long id, String token, Instant until, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE crm_tags SET claim_token = :token, claimed_until = :until
            WHERE id = :id AND applied_at IS NULL AND (claimed_until IS NULL OR claimed_until < :now)
            """)
        .bind("id", id)
        .bind("token", token)
        .bind("until", until)
        .bind("now", now)
        .execute();
  }

  int applied(long paymentId, String token, Instant now) {
    return handle
        .createUpdate(
            """
            UPDATE crm_tags SET applied_at = :now, claim_token = NULL, claimed_until = NULL
            WHERE payment_id = :paymentId AND claim_token = :token AND applied_at IS NULL
            """)
        .bind("paymentId", paymentId)
        .bind("token", token)
        .bind("now", now)
        .execute();
  }

  int release(long paymentId, String token) {
    return handle
        .createUpdate(
            """
            UPDATE crm_tags SET claim_token = NULL, claimed_until = NULL
            WHERE payment_id = :paymentId AND claim_token = :token AND applied_at IS NULL
            """)
        .bind("paymentId", paymentId)
        .bind("token", token)
        .execute();
  }
}

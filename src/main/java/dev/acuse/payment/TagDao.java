package dev.acuse.payment;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/**
 * The SQL of {@code crm_tags}, one method a statement. Whoever writes holds the lock on the
 * payment's row, so that no two writers can wait for each other.
 */
@RegisterConstructorMapper(ContactTag.class)
interface TagDao {

  @SqlQuery(
      """
      SELECT id, payment_id, contact_id, tag, claimed_until, applied_at, created_at
      FROM crm_tags WHERE payment_id = :paymentId ORDER BY id
      """)
  List<ContactTag> ofPayment(long paymentId);

  @SqlUpdate(
      """
      INSERT INTO crm_tags (contact_id, tag, payment_id, created_at)
      VALUES (:contactId, :tag, :paymentId, :now)
      ON CONFLICT DO NOTHING
      """)
  void insert(String contactId, String tag, long paymentId, Instant now);

  @SqlUpdate("DELETE FROM crm_tags WHERE id = :id AND applied_at IS NULL")
  void delete(long id);

  @SqlUpdate(
      """
      UPDATE crm_tags SET claim_token = :token, claimed_until = :until
      WHERE id = :id AND applied_at IS NULL AND (claimed_until IS NULL OR claimed_until < :now)
      """)
  int claim(long id, String token, Instant until, Instant now);

  @SqlUpdate(
      """
      UPDATE crm_tags SET applied_at = :now, claim_token = NULL, claimed_until = NULL
      WHERE payment_id = :paymentId AND claim_token = :token AND applied_at IS NULL
      """)
  int applied(long paymentId, String token, Instant now);

  @SqlUpdate(
      """
      UPDATE crm_tags SET claim_token = NULL, claimed_until = NULL
      WHERE payment_id = :paymentId AND claim_token = :token AND applied_at IS NULL
      """)
  int release(long paymentId, String token);
}

package dev.acuse.payment;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of {@code payments}, one method a statement. */
@RegisterConstructorMapper(Payment.class)
interface PaymentDao {
  String SELECT =
      """
      SELECT id, mp_payment_id, checkout_id, external_reference, contact_id, status,
        status_detail, amount, currency, collector_id, payer_email, mp_updated_at, flag,
        flag_detail, accepted_at, created_at, updated_at
      FROM payments
      """;

  @SqlQuery(SELECT + "WHERE id = :id")
  Optional<Payment> find(long id);

  @SqlQuery(SELECT + "WHERE mp_payment_id = :mpPaymentId")
  Optional<Payment> findByMpId(String mpPaymentId);

  /** Those of them that we know, by MercadoPago's id. */
  static Map<String, Payment> byMpIds(Handle handle, Collection<String> mpPaymentIds) {
    return handle
        .createQuery(SELECT + "WHERE mp_payment_id = ANY(:ids)")
        .bindArray("ids", String.class, mpPaymentIds.stream().distinct().toList())
        .map(ConstructorMapper.of(Payment.class))
        .stream()
        .collect(Collectors.toMap(Payment::mpPaymentId, Function.identity()));
  }

  @SqlQuery(SELECT + "WHERE id = :id FOR UPDATE")
  Optional<Payment> lock(long id);

  @SqlQuery(SELECT + "WHERE mp_payment_id = :mpPaymentId FOR UPDATE")
  Optional<Payment> lockByMpId(String mpPaymentId);

  /** Empty for an unlinked payment as for an unknown one. */
  @SqlQuery("SELECT checkout_id FROM payments WHERE id = :id")
  Optional<Long> checkoutOf(long id);

  /** Empty for an unlinked payment as for an unknown one. */
  @SqlQuery("SELECT checkout_id FROM payments WHERE mp_payment_id = :mpPaymentId")
  Optional<Long> checkoutOfMpId(String mpPaymentId);

  @SqlQuery(
      """
      SELECT mp_payment_id FROM payments
      WHERE external_reference = :externalReference AND checkout_id IS NULL
      ORDER BY id
      """)
  List<String> unlinkedMpIds(String externalReference);

  @SqlQuery(
      """
      SELECT id FROM payments
      WHERE external_reference = :text OR payer_email = :text
      ORDER BY id DESC LIMIT :limit
      """)
  List<Long> idsFor(String text, int limit);

  /** Whether a payment other than {@code paymentId} pays for the checkout. */
  @SqlQuery(
      """
      SELECT COUNT(*) > 0 FROM payments
      WHERE checkout_id = :checkoutId AND id <> :paymentId AND status = 'approved'
        AND (flag IS NULL OR accepted_at IS NOT NULL)
      """)
  boolean isPaidByAnother(long checkoutId, long paymentId);

  /** A row to be locked and filled; nothing where there is one already. */
  @SqlUpdate(
      """
      INSERT INTO payments (mp_payment_id, status, created_at, updated_at)
      VALUES (:mpPaymentId, :status, :now, :now)
      ON CONFLICT DO NOTHING
      """)
  int insert(String mpPaymentId, String status, Instant now);

  @SqlUpdate(
      """
      UPDATE payments
      SET checkout_id = :checkoutId, external_reference = :externalReference,
        contact_id = :contactId, status = :status, status_detail = :statusDetail,
        amount = :amount, currency = :currency, collector_id = :collectorId,
        payer_email = :payerEmail, mp_updated_at = :mpUpdatedAt, flag = :flag,
        flag_detail = :flagDetail, accepted_at = :acceptedAt, updated_at = :updatedAt
      WHERE id = :id
      """)
  void save(@BindMethods Payment payment);
}

package dev.acuse.payment;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** The SQL of {@code checkouts}, one method a statement. */
@RegisterConstructorMapper(Checkout.class)
interface CheckoutDao {
  String SELECT =
      """
      SELECT id, external_reference, preference_id, contact_id, title, amount, currency,
        payer_email, status, init_point, created_at, updated_at
      FROM checkouts
      """;

  @SqlQuery(SELECT + "WHERE id = :id")
  Optional<Checkout> find(long id);

  @SqlQuery(SELECT + "WHERE id = :id FOR UPDATE")
  Optional<Checkout> lock(long id);

  @SqlQuery(SELECT + "WHERE external_reference = :externalReference")
  Optional<Checkout> findByReference(String externalReference);

  @SqlQuery("SELECT id FROM checkouts WHERE external_reference = :externalReference")
  Optional<Long> idByReference(String externalReference);

  @SqlQuery("SELECT id FROM checkouts WHERE preference_id = :preferenceId")
  Optional<Long> idByPreference(String preferenceId);

  /** Inserts nothing where the reference or the preference is taken. */
  @SqlUpdate(
      """
      INSERT INTO checkouts (external_reference, preference_id, contact_id, title, amount,
        currency, payer_email, status, init_point, created_at, updated_at)
      VALUES (:externalReference, :preferenceId, :contactId, :title, :amount,
        :currency, :payerEmail, 'open', :initPoint, :now, :now)
      ON CONFLICT DO NOTHING
      """)
  int insert(
      @BindMethods CheckoutRequest request, String preferenceId, String initPoint, Instant now);

  @SqlUpdate("UPDATE checkouts SET status = :status, updated_at = :now WHERE id = :id")
  void setStatus(long id, String status, Instant now);
}

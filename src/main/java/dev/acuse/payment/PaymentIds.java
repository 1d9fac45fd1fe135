package dev.acuse.payment;

import dev.acuse.database.AccountCondition;
import dev.acuse.event.Scope;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * Our ids of payments that something else names by MercadoPago's, such as an order. Thread-safe.
 * Every method throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
 */
public final class PaymentIds {
  private final Jdbi jdbi;

  /**
   * @param jdbi with {@link dev.acuse.database.AcuseJdbiPlugin}
   */
  public PaymentIds(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A payment as MercadoPago names it: two accounts may have one of the same id.
   *
   * @param mpPaymentId MercadoPago's id
   */
  public record MpPayment(long accountId, String mpPaymentId) {}

  /**
   * Our ids of these payments, all read at once.
   *
   * @return payments that are not here, or not seen, are left out
   */
  public Map<MpPayment, Long> of(Scope scope, Collection<MpPayment> named) {
    Map<MpPayment, Long> ids = new HashMap<>();
    if (named.isEmpty()) {
      return ids;
    }
    List<MpPayment> each = named.stream().distinct().toList();
    String seen =
        scope.isEverything()
            ? ""
            : " WHERE " + AccountCondition.of("p.account_id", scope.accountIds());
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT p.account_id, p.mp_payment_id, p.id
                    FROM UNNEST(CAST(:owners AS BIGINT ARRAY), CAST(:ids AS VARCHAR ARRAY))
                      AS given (account_id, mp_payment_id)
                    JOIN payments p ON p.account_id = given.account_id
                      AND p.mp_payment_id = given.mp_payment_id
                    """
                        + seen)
                .bindArray("owners", Long.class, each.stream().map(MpPayment::accountId).toList())
                .bindArray("ids", String.class, each.stream().map(MpPayment::mpPaymentId).toList())
                .map(
                    (row, context) ->
                        ids.put(
                            new MpPayment(
                                row.getLong("account_id"), row.getString("mp_payment_id")),
                            row.getLong("id")))
                .list());
    return ids;
  }
}

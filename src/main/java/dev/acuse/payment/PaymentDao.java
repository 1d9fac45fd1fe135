package dev.acuse.payment;

import dev.acuse.event.Scope;
import dev.acuse.payment.state.Payment;
import dev.acuse.payment.state.PaymentDetails;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code payments}, one method a statement, for the length of one handle. */
final class PaymentDao {
  static final String SELECT =
      """
      SELECT id, account_id, mp_payment_id, checkout_id, external_reference, contact_id, status,
        status_detail, amount, amount_refunded, currency, collector_id, payer_email, mp_updated_at,
        approved_at, looked_up_at, overruled_at, flag, flag_detail, accepted_at, method,
        method_type, last_four, instalments, fee, net, release_at, payer_name, product,
        search_text, created_at, updated_at
      FROM payments
      """;

  /** Up to its closing parenthesis. H2 would read the whole account for {@code = ANY}. */
  private static final String OF_MP_IDS =
      """
      WHERE id IN (SELECT p.id FROM UNNEST(CAST(:ids AS VARCHAR ARRAY)) AS given (mp_payment_id)
        JOIN payments p ON p.account_id = :accountId AND p.mp_payment_id = given.mp_payment_id
      """;

  private final Handle handle;

  PaymentDao(Handle handle) {
    this.handle = handle;
  }

  /** Those of an account that we know, by MercadoPago's id. */
  Map<String, Payment> byMpIds(long accountId, Collection<String> mpPaymentIds) {
    return handle
        .createQuery(SELECT + OF_MP_IDS + ")")
        .bind("accountId", accountId)
        .bindArray("ids", String.class, mpPaymentIds.stream().distinct().toList())
        .map(PaymentRows.PAYMENT)
        .stream()
        .collect(Collectors.toMap(Payment::mpPaymentId, Function.identity()));
  }

  /** Those of these accounts that have the payment. */
  List<Long> accountsWith(Collection<Long> accountIds, String mpPaymentId) {
    return handle
        .createQuery(
            """
            SELECT p.account_id FROM UNNEST(CAST(:accountIds AS BIGINT ARRAY)) AS given (account_id)
            JOIN payments p
              ON p.account_id = given.account_id AND p.mp_payment_id = :mpPaymentId
            ORDER BY p.account_id
            """)
        .bindArray("accountIds", Long.class, accountIds)
        .bind("mpPaymentId", mpPaymentId)
        .map(PaymentRows.NUMBER)
        .list();
  }

  /** Whether a row is this account's. */
  boolean isOf(long accountId, long id) {
    return handle
        .createQuery("SELECT id FROM payments WHERE account_id = :accountId AND id = :id")
        .bind("accountId", accountId)
        .bind("id", id)
        .map(PaymentRows.NUMBER)
        .findOne()
        .isPresent();
  }

  Optional<Payment> lock(long accountId, long id) {
    return one(
        handle
            .createQuery(SELECT + "WHERE account_id = :accountId AND id = :id FOR UPDATE")
            .bind("accountId", accountId)
            .bind("id", id));
  }

  Optional<Payment> lockByMpId(long accountId, String mpPaymentId) {
    return one(
        handle
            .createQuery(
                SELECT
                    + "WHERE account_id = :accountId AND mp_payment_id = :mpPaymentId FOR UPDATE")
            .bind("accountId", accountId)
            .bind("mpPaymentId", mpPaymentId));
  }

  List<String> unlinkedMpIds(long accountId, String externalReference) {
    return handle
        .createQuery(
            """
            SELECT mp_payment_id FROM payments
            WHERE account_id + 0 = :accountId AND external_reference = :externalReference
              AND checkout_id IS NULL
            ORDER BY id
            """)
        .bind("accountId", accountId)
        .bind("externalReference", externalReference)
        .mapTo(String.class)
        .list();
  }

  /** One of the checkout's payments but this one that is in a status and fits or was accepted. */
  Optional<Payment> otherThatCounts(
      long accountId, long checkoutId, long paymentId, String status) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE account_id + 0 = :accountId AND checkout_id = :checkoutId
                  AND id <> :paymentId AND status = :status
                  AND (flag IS NULL OR accepted_at IS NOT NULL)
                ORDER BY id LIMIT 1
                """)
        .bind("accountId", accountId)
        .bind("checkoutId", checkoutId)
        .bind("paymentId", paymentId)
        .bind("status", status)
        .map(PaymentRows.PAYMENT)
        .findOne();
  }

  /**
   * The other payments of a checkout that were ever accredited, by their ids. Without a lock of
   * their own, because every transaction that changes one holds the checkout's.
   */
  List<Payment> othersAccredited(long accountId, long checkoutId, long paymentId) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE account_id + 0 = :accountId AND checkout_id = :checkoutId
                  AND id <> :paymentId AND status IN ('approved', 'in_mediation', 'refunded', 'charged_back')
                ORDER BY id
                """)
        .bind("accountId", accountId)
        .bind("checkoutId", checkoutId)
        .bind("paymentId", paymentId)
        .map(PaymentRows.PAYMENT)
        .list();
  }

  /** The newest approved payments that count for nothing as they were too much. */
  List<Payment> tooMuch(Scope scope, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE flag IN ('amount_mismatch', 'second_approved') AND accepted_at IS NULL
                  AND status = 'approved' AND checkout_id IS NOT NULL%s
                ORDER BY id DESC LIMIT :limit
                """
                    .formatted(PaymentSearch.seenBy(scope)))
        .bind("limit", limit)
        .map(PaymentRows.PAYMENT)
        .list();
  }

  /** Writes anew only whether and why a payment does not fit. */
  void saveFlag(Payment payment) {
    handle
        .createUpdate(
            """
            UPDATE payments SET flag = :flag, flag_detail = :flagDetail, updated_at = :updatedAt
            WHERE account_id = :accountId AND id = :id
            """)
        .bind("accountId", payment.accountId())
        .bind("flag", payment.flag())
        .bind("flagDetail", payment.flagDetail())
        .bind("updatedAt", payment.updatedAt())
        .bind("id", payment.id())
        .execute();
  }

  /** When an account's oldest payment changed that is stored without details. */
  @Nullable Instant oldestWithoutDetails(long accountId) {
    return handle
        .createQuery(
            """
            SELECT MIN(mp_updated_at) FROM payments
            WHERE account_id + 0 = :accountId AND search_text IS NULL
            """)
        .bind("accountId", accountId)
        .mapTo(Instant.class)
        .findOne()
        .orElse(null);
  }

  /** Whether any payment of an account is stored without details. */
  boolean lacksDetails(long accountId) {
    return handle
        .createQuery(
            """
            SELECT id FROM payments
            WHERE account_id = :accountId AND search_text IS NULL LIMIT 1
            """)
        .bind("accountId", accountId)
        .map(PaymentRows.NUMBER)
        .findOne()
        .isPresent();
  }

  /**
   * An account's first payments without details whose id is above another, in the order of their
   * ids.
   */
  List<Payment> withoutDetails(long accountId, long after, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE account_id + 0 = :accountId AND id > :after AND search_text IS NULL
                ORDER BY id LIMIT :limit
                """)
        .bind("accountId", accountId)
        .bind("after", after)
        .bind("limit", limit)
        .map(PaymentRows.PAYMENT)
        .list();
  }

  /**
   * Writes details where there are none yet. The rest of the row may change meanwhile: it is not
   * written.
   */
  int saveDetails(Payment payment) {
    return bindDetails(
            handle.createUpdate(
                """
                UPDATE payments SET method = :method, method_type = :methodType,
                  last_four = :lastFour, instalments = :instalments, fee = :fee, net = :net,
                  release_at = :releaseAt, payer_name = :payerName, product = :product,
                  search_text = :searchText
                WHERE account_id = :accountId AND id = :id AND search_text IS NULL
                """),
            payment)
        .bind("accountId", payment.accountId())
        .bind("id", payment.id())
        .execute();
  }

  private static Update bindDetails(Update update, Payment payment) {
    PaymentDetails details = payment.details();
    return update
        .bind("method", details.method())
        .bind("methodType", details.methodType())
        .bind("lastFour", details.lastFour())
        .bind("instalments", details.instalments())
        .bind("fee", details.fee())
        .bind("net", details.net())
        .bindByType("releaseAt", details.releaseAt(), Instant.class)
        .bind("payerName", details.payerName())
        .bind("product", details.product())
        .bind("searchText", payment.searchText());
  }

  /**
   * A row to be filled, locked as what the transaction made itself.
   *
   * @return empty where there is one already
   */
  Optional<Payment> insert(long accountId, String mpPaymentId, String status, Instant now) {
    return handle
        .createUpdate(
            """
            INSERT INTO payments (account_id, mp_payment_id, status, created_at, updated_at)
            VALUES (:accountId, :mpPaymentId, :status, :now, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("accountId", accountId)
        .bind("mpPaymentId", mpPaymentId)
        .bind("status", status)
        .bind("now", now)
        .executeAndReturnGeneratedKeys("id")
        .map(PaymentRows.NUMBER)
        .findOne()
        .map(id -> Payment.unfilled(id, accountId, mpPaymentId, status, now));
  }

  void save(Payment payment) {
    bindDetails(
            handle.createUpdate(
                """
            UPDATE payments
            SET checkout_id = :checkoutId, external_reference = :externalReference,
              contact_id = :contactId, status = :status, status_detail = :statusDetail,
              amount = :amount, amount_refunded = :amountRefunded, currency = :currency,
              collector_id = :collectorId, payer_email = :payerEmail,
              mp_updated_at = :mpUpdatedAt, approved_at = :approvedAt,
              looked_up_at = :lookedUpAt, overruled_at = :overruledAt, flag = :flag,
              flag_detail = :flagDetail, accepted_at = :acceptedAt, method = :method,
              method_type = :methodType, last_four = :lastFour, instalments = :instalments,
              fee = :fee, net = :net, release_at = :releaseAt, payer_name = :payerName,
              product = :product, search_text = :searchText, updated_at = :updatedAt
            WHERE account_id = :accountId AND id = :id
            """),
            payment)
        .bind("accountId", payment.accountId())
        .bind("checkoutId", payment.checkoutId())
        .bind("externalReference", payment.externalReference())
        .bind("contactId", payment.contactId())
        .bind("status", payment.status())
        .bind("statusDetail", payment.statusDetail())
        .bind("amount", payment.amount())
        .bind("amountRefunded", payment.amountRefunded())
        .bind("currency", payment.currency())
        .bind("collectorId", payment.collectorId())
        .bind("payerEmail", payment.payerEmail())
        .bindByType("mpUpdatedAt", payment.mpUpdatedAt(), Instant.class)
        .bindByType("approvedAt", payment.approvedAt(), Instant.class)
        .bindByType("lookedUpAt", payment.lookedUpAt(), Instant.class)
        .bindByType("overruledAt", payment.overruledAt(), Instant.class)
        .bind("flag", payment.flag())
        .bind("flagDetail", payment.flagDetail())
        .bindByType("acceptedAt", payment.acceptedAt(), Instant.class)
        .bind("updatedAt", payment.updatedAt())
        .bind("id", payment.id())
        .execute();
  }

  private static Optional<Payment> one(Query query) {
    return query.map(PaymentRows.PAYMENT).findOne();
  }
}

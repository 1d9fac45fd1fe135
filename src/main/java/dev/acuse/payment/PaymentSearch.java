package dev.acuse.payment;

import dev.acuse.database.AccountCondition;
import dev.acuse.database.AccountRows;
import dev.acuse.event.KnownAccounts;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Lists payments and checkouts, newest first. The condition is put together from fixed pieces,
 * since {@code (:x IS NULL OR column = :x)} may cost the index.
 */
final class PaymentSearch {
  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values = new LinkedHashMap<>();

  private PaymentSearch() {}

  /** What a statement that names its rows otherwise has to say besides; empty for everything. */
  static String seenBy(Scope scope) {
    return scope.isEverything()
        ? ""
        : " AND " + AccountCondition.of("account_id", scope.accountIds());
  }

  static List<Payment> payments(
      Handle handle, Whose whose, PaymentFilter filter, @Nullable Long before, int limit) {
    return new PaymentSearch()
        .where("status = :status", "status", filter.status())
        .where(
            "external_reference = :externalReference",
            "externalReference",
            filter.externalReference())
        .where(
            whose.key("payments", "mp_payment_id", "mpPaymentId"),
            "mpPaymentId",
            filter.mpPaymentId())
        .where(filter.linked(), "checkout_id IS NOT NULL", "checkout_id IS NULL")
        .where(
            filter.flagged(),
            "flag IS NOT NULL AND accepted_at IS NULL",
            "(flag IS NULL OR accepted_at IS NOT NULL)")
        .within(
            whose.rows(
                handle,
                "payments",
                filter.mpPaymentId() != null || filter.externalReference() != null))
        .before(before)
        .list(handle, whose, PaymentDao.SELECT, PaymentRows.PAYMENT, limit);
  }

  static List<Checkout> checkouts(
      Handle handle,
      Whose whose,
      @Nullable String externalReference,
      @Nullable Long before,
      int limit) {
    return new PaymentSearch()
        .where(
            whose.key("checkouts", "external_reference", "externalReference"),
            "externalReference",
            externalReference)
        .within(whose.rows(handle, "checkouts", externalReference != null))
        .before(before)
        .list(handle, whose, CheckoutDao.SELECT, PaymentRows.CHECKOUT, limit);
  }

  /** Whose rows are meant, of all accounts that there are. */
  record Whose(Scope scope, KnownAccounts known) {
    boolean isOfMain() {
      return scope.isEverything() && known.isMainAlone();
    }

    Set<Long> accounts() {
      return scope.isEverything() ? known.ids() : scope.accountIds();
    }

    /**
     * Where the rows are that are seen; null for everywhere.
     *
     * @param areFound whether they are found otherwise
     */
    @Nullable AccountRows rows(Handle handle, String table, boolean areFound) {
      if (scope.isEverything()) {
        return null;
      }
      return areFound || known.isMainAlone()
          ? AccountRows.large(scope.accountIds())
          : AccountRows.of(handle, table, scope.accountIds());
    }

    /** That a row has a key of its account's, which is bound by this name. */
    String key(String table, String column, String name) {
      if (isOfMain()) {
        return "account_id = %d AND %s = :%s".formatted(Place.MAIN_ACCOUNT, column, name);
      }
      return "id IN (SELECT k.id FROM %s JOIN %s k ON k.account_id = a.account AND k.%s = :%s)"
          .formatted(AccountCondition.EACH, table, column, name);
    }
  }

  private PaymentSearch within(@Nullable AccountRows rows) {
    if (rows != null) {
      conditions.add(rows.condition());
    }
    return this;
  }

  private PaymentSearch where(String condition, String name, @Nullable String value) {
    if (value == null) {
      return this;
    }
    String storable = Text.exact(value, value.length());
    // What no column takes is in no row, and PostgreSQL would refuse the query.
    conditions.add(storable == null ? "1 = 0" : condition);
    if (storable != null) {
      values.put(name, storable);
    }
    return this;
  }

  private PaymentSearch where(@Nullable Boolean wanted, String ifTrue, String ifFalse) {
    if (wanted != null) {
      conditions.add(wanted ? ifTrue : ifFalse);
    }
    return this;
  }

  private PaymentSearch before(@Nullable Long id) {
    if (id != null) {
      conditions.add("id < :before");
      values.put("before", id);
    }
    return this;
  }

  private <T> List<T> list(
      Handle handle, Whose whose, String select, RowMapper<T> mapper, int limit) {
    String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
    Query query =
        handle
            .createQuery(select + where + " ORDER BY id DESC LIMIT :limit")
            .bindMap(values)
            .bind("limit", limit);
    return (where.contains(AccountCondition.EACH)
            ? query.bindArray("accounts", Long.class, whose.accounts())
            : query)
        .map(mapper)
        .list();
  }
}

package dev.acuse.api;

import dev.acuse.http.Cursor;
import dev.acuse.http.QueryParameters;
import dev.acuse.order.OrderFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads from a query which orders are meant. */
final class OrderQuery {
  /** The parameters that it reads. */
  static final Set<String> NAMES =
      Set.of("status", "external_reference", "mp_order_id", "payment_id", AccountNames.ACCOUNT);

  private static final int MAX_TEXT = 256;

  private OrderQuery() {}

  /**
   * The filter that the query asks for. Its account is left to {@link AccountNames#narrowed}.
   *
   * @throws dev.acuse.http.ProblemException if a parameter is not what it should be
   */
  static OrderFilter read(QueryParameters query) {
    return new OrderFilter(
        query.get("status").text(MAX_TEXT),
        query.get("external_reference").text(MAX_TEXT),
        query.get("mp_order_id").text(MAX_TEXT),
        query.get("payment_id").text(MAX_TEXT));
  }

  /** The cursor of the list of orders that a query narrows. */
  static Cursor cursor(QueryParameters query) {
    List<@Nullable Object> values =
        Arrays.asList(
            query.get("status").value(),
            query.get("external_reference").value(),
            query.get("mp_order_id").value(),
            query.get("payment_id").value(),
            query.get(AccountNames.ACCOUNT).value());
    return new Cursor("orders", values);
  }
}

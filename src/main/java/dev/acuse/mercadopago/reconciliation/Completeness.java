package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.remote.Downstream;
import dev.acuse.remote.RemoteException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many payments of a day MercadoPago has, and how many we have. Thread-safe. */
public final class Completeness {
  private static final Logger LOGGER = LoggerFactory.getLogger(Completeness.class);

  /**
   * One day, by the date on which MercadoPago last changed a payment.
   *
   * @param day in UTC
   * @param remote payments that MercadoPago has; null if it does not answer
   * @param ours payments that we have
   * @param by which way each of ours came first
   */
  public record Day(LocalDate day, @Nullable Long remote, long ours, Map<String, Long> by) {
    public Day {
      by = Map.copyOf(by);
    }
  }

  private final Jdbi jdbi;
  private final MercadoPagoClient client;
  private final Downstream mercadoPago;

  /**
   * @param jdbi with {@link dev.acuse.database.SqlTypesPlugin} installed
   * @param mercadoPago the breaker of the client's calls
   */
  public Completeness(Jdbi jdbi, MercadoPagoClient client, Downstream mercadoPago) {
    this.jdbi = jdbi;
    this.client = client;
    this.mercadoPago = mercadoPago;
  }

  /** Asks MercadoPago, once, and the database. */
  public Day of(LocalDate day) {
    Instant from = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant to = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Map<String, Long> by = ours(from, to);
    long ours = by.values().stream().mapToLong(Long::longValue).sum();
    return new Day(day, remote(from, to), ours, by);
  }

  private @Nullable Long remote(Instant from, Instant to) {
    var search = new PaymentSearch(from, to.minusMillis(1), 1, 0);
    try {
      return mercadoPago.call(() -> client.searchPayments(search)).total();
    } catch (RemoteException | Downstream.OpenException e) {
      LOGGER.debug("MercadoPago does not tell how many payments it has", e);
      return null;
    }
  }

  private Map<String, Long> ours(Instant from, Instant to) {
    Map<String, Long> by = new TreeMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT first.way, COUNT(*) AS number FROM (
                      SELECT (SELECT CASE WHEN e.origin <> 'webhook' THEN e.origin
                          WHEN e.claim_no > 1 THEN 'retry' ELSE 'webhook' END
                        FROM webhook_events e
                        WHERE e.payment_id = p.id AND e.status = 'success'
                        ORDER BY e.finished_at, e.id LIMIT 1) AS way
                      FROM payments p
                      WHERE p.mp_updated_at >= :from AND p.mp_updated_at < :to) AS first
                    GROUP BY first.way
                    """)
                .bind("from", from)
                .bind("to", to)
                .map(
                    (row, context) -> {
                      String way = row.getString("way");
                      return by.put(way == null ? "unknown" : way, row.getLong("number"));
                    })
                .list());
    return by;
  }
}

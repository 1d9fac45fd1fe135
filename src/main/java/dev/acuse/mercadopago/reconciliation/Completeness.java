package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.payment.PaymentReader;
import dev.acuse.remote.RemoteException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many payments of a day MercadoPago has, and how many we have. Thread-safe. */
public final class Completeness {
  private static final Logger LOGGER = LoggerFactory.getLogger(Completeness.class);

  /** Bounds what one statement carries: a large account has a hundred thousand payments a day. */
  private static final int BATCH = 5_000;

  /**
   * One day, by the date on which MercadoPago last changed a payment.
   *
   * @param day in UTC
   * @param remote payments that MercadoPago has; null if it does not answer, or several accounts
   *     are meant, because each would have to be asked
   * @param ours payments that we have
   * @param by which way each of ours came first
   */
  public record Day(LocalDate day, @Nullable Long remote, long ours, Map<String, Long> by) {
    public Day {
      by = Map.copyOf(by);
    }
  }

  private final EventReader events;
  private final PaymentReader payments;
  private final MercadoPagoClients clients;
  private final Accounts accounts;

  /** Compares what these hold with what an account's client finds. */
  public Completeness(
      EventReader events, PaymentReader payments, MercadoPagoClients clients, Accounts accounts) {
    this.events = events;
    this.payments = payments;
    this.clients = clients;
    this.accounts = accounts;
  }

  /**
   * Asks MercadoPago, once, and the database.
   *
   * @param scope one account, or several, of which only ours are counted
   */
  public Day of(Scope scope, LocalDate day) {
    Instant from = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant to = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Map<String, Long> by = ours(scope, from, to);
    long ours = by.values().stream().mapToLong(Long::longValue).sum();
    return new Day(day, remote(scope, from, to), ours, by);
  }

  private @Nullable Long remote(Scope scope, Instant from, Instant to) {
    Account account = only(scope);
    if (account == null) {
      return null;
    }
    var search = new PaymentSearch(from, to.minusMillis(1), 1, 0, account.sellerId());
    try {
      return clients.of(account.id()).searchPayments(search).total();
    } catch (RemoteException e) {
      LOGGER.debug("MercadoPago does not tell how many payments it has", e);
      return null;
    }
  }

  /** The one account that is meant; null for several or none. */
  private @Nullable Account only(Scope scope) {
    List<Account> seen =
        accounts.current().all().stream().filter(one -> scope.sees(one.id())).limit(2).toList();
    return seen.size() == 1 ? seen.get(0) : null;
  }

  private Map<String, Long> ours(Scope scope, Instant from, Instant to) {
    List<Long> ids = payments.paymentIdsChanged(scope, from, to);
    Map<String, Long> by = new TreeMap<>();
    for (int i = 0; i < ids.size(); i += BATCH) {
      events
          .firstWays(scope, ids.subList(i, Math.min(i + BATCH, ids.size())))
          .forEach((way, number) -> by.merge(way, number, Long::sum));
    }
    return by;
  }
}

package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MercadoPagoOrder;
import dev.acuse.mercadopago.MercadoPagoOrderPage;
import dev.acuse.mercadopago.MercadoPagoOrderSearch;
import dev.acuse.payment.state.MomentOrder;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks through all orders of the Orders API that were made in a window of time, in parts that its
 * search takes.
 *
 * <p>Nothing is known of the search's order, and its documents contradict each other about how it
 * is paged. So a part counts as through when as many orders were met as the search says there are.
 * Where pages don't lead there, the part is halved, until one page holds all of it. When an order
 * was made never changes, so none moves from one part to another. Not thread-safe.
 */
final class OnlineOrderWalk {
  /** One page of the search. */
  @FunctionalInterface
  interface Search {
    /** Asks for it. */
    MercadoPagoOrderPage page(MercadoPagoOrderSearch search) throws RemoteException;
  }

  /**
   * A part of the window that is through.
   *
   * @param reached everything before it has been handed out
   */
  record Slice(List<MercadoPagoOrder> orders, Instant reached) {
    Slice {
      orders = List.copyOf(orders);
    }
  }

  private static final int PAGE = 50;

  /** A part with more pages is halved at once. */
  private static final int MOST_PAGES = 10;

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Search search;
  private final Instant end;
  private Instant reached;
  private Instant to;
  private boolean done;

  /**
   * @param begin of the window, or what an earlier walk had reached
   * @param end of the window; both by MercadoPago's clock
   */
  OnlineOrderWalk(Search search, Instant begin, Instant end) {
    this.search = search;
    this.reached = begin.truncatedTo(ChronoUnit.MILLIS);
    this.end = end;
    this.to = farthest();
    this.done = reached.isAfter(end);
  }

  private Instant farthest() {
    Instant longest = reached.plus(MercadoPagoOrderSearch.LONGEST);
    return longest.isBefore(end) ? longest : end;
  }

  /** Whether the window is through. */
  boolean isDone() {
    return done;
  }

  /**
   * The next part; asks as often as it takes to get one that is whole.
   *
   * @throws RemoteException if there is no answer or a useless one; may be called again
   */
  Slice next() throws RemoteException {
    while (true) {
      Map<String, MercadoPagoOrder> met = new LinkedHashMap<>();
      if (pageThrough(met)) {
        return through(met);
      }
      Duration length = Duration.between(reached, to);
      if (length.compareTo(SHORTEST) <= 0) {
        throw bad("a search for orders whose pages don't hold all that it says there are");
      }
      to = reached.plus(length.dividedBy(2)).truncatedTo(ChronoUnit.MILLIS);
    }
  }

  private Slice through(Map<String, MercadoPagoOrder> met) {
    Duration next = Duration.between(reached, to).multipliedBy(2).plusMillis(1);
    reached = to;
    done = !reached.isBefore(end);
    Instant farthest = farthest();
    to = next.compareTo(Duration.between(reached, farthest)) < 0 ? reached.plus(next) : farthest;
    return new Slice(List.copyOf(met.values()), reached);
  }

  /**
   * Pages through the part.
   *
   * @param met gets what is found
   * @return whether all were found
   */
  private boolean pageThrough(Map<String, MercadoPagoOrder> met) throws RemoteException {
    long unreadable = 0;
    for (int number = 0; number < MOST_PAGES; number++) {
      MercadoPagoOrderPage page = ask(number);
      int before = met.size();
      page.orders().forEach(order -> met.put(order.id(), order));
      unreadable += page.entries() - page.orders().size();
      if (met.size() + unreadable >= page.total()) {
        return true;
      }
      boolean leadsOn = met.size() > before && page.total() <= (long) PAGE * MOST_PAGES;
      if (!leadsOn) {
        return false;
      }
    }
    return false;
  }

  private MercadoPagoOrderPage ask(int number) throws RemoteException {
    MercadoPagoOrderPage page = search.page(new MercadoPagoOrderSearch(reached, to, PAGE, number));
    for (MercadoPagoOrder order : page.orders()) {
      Instant made = order.snapshot().mpCreatedAt();
      if (made != null
          && (made.isBefore(reached.minus(MomentOrder.OF_TWO))
              || made.isAfter(to.plus(MomentOrder.OF_TWO)))) {
        throw bad("orders of another window than the one asked for");
      }
    }
    return page;
  }

  private static RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse("MercadoPago answered with " + what, 200, null);
  }
}

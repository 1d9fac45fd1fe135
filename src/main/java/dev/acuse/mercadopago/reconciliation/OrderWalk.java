package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MerchantOrder;
import dev.acuse.mercadopago.OrderPage;
import dev.acuse.mercadopago.OrderSearch;
import dev.acuse.payment.state.MomentOrder;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks through all merchant orders that changed in a window of time, and skips none though they
 * change meanwhile.
 *
 * <p>This search promises no order, so a window is halved until one answer holds all of it: such an
 * answer is of one moment, and an order that changes afterwards moves ahead of us, where it is met
 * again. Only a second that fills a page is paged through, and what was found is held against how
 * many there are. An answer from outside the window fails: it would never get smaller. Not
 * thread-safe.
 */
final class OrderWalk {
  /** One page of the search. */
  @FunctionalInterface
  interface Search {
    /** Asks for it. */
    OrderPage page(OrderSearch search) throws RemoteException;
  }

  /**
   * A part of the window that is through.
   *
   * @param orders may hold one that the slice before held already
   * @param reached everything before it has been handed out
   */
  record Slice(List<MerchantOrder> orders, Instant reached) {}

  private static final int PAGE = 50;
  private static final int MAX_ROWS = 10_000;
  private static final int TRIES = 5;
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * MercadoPago may keep more or less of a second than it is asked about, and shows a date up to a
   * second off ({@link MomentOrder}).
   */
  private static final Duration TOLERANCE = MomentOrder.OF_TWO;

  private final Search search;
  private final Instant end;
  private Instant reached;
  private Instant to;
  private boolean done;

  /**
   * @param begin of the window, or what an earlier walk had reached
   * @param end of the window; both by MercadoPago's clock
   */
  OrderWalk(Search search, Instant begin, Instant end) {
    this.search = search;
    this.reached = begin.truncatedTo(ChronoUnit.MILLIS);
    this.end = end;
    this.to = end;
    this.done = reached.isAfter(end);
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
      OrderPage page = ask(0);
      if (page.entries() >= page.total()) {
        return through(page.orders());
      }
      Duration length = Duration.between(reached, to);
      if (length.compareTo(SHORTEST) <= 0) {
        return through(crowded());
      }
      to = reached.plus(length.dividedBy(2)).truncatedTo(ChronoUnit.MILLIS);
    }
  }

  private Slice through(List<MerchantOrder> orders) {
    Duration next = Duration.between(reached, to).multipliedBy(2).plusMillis(1);
    reached = to;
    done = !reached.isBefore(end);
    to = next.compareTo(Duration.between(reached, end)) < 0 ? reached.plus(next) : end;
    return new Slice(orders, reached);
  }

  /** More than a page of one second: an order that changes meanwhile shifts the others. */
  private List<MerchantOrder> crowded() throws RemoteException {
    Map<String, MerchantOrder> met = new LinkedHashMap<>();
    for (int attempt = 0; attempt < TRIES; attempt++) {
      if (pageThrough(met)) {
        return new ArrayList<>(met.values());
      }
    }
    throw bad("a search for merchant orders that changes while it is paged");
  }

  /**
   * Pages through the window.
   *
   * @param met those that were met, of earlier tries too; gets what is found
   * @return whether all were found
   */
  private boolean pageThrough(Map<String, MerchantOrder> met) throws RemoteException {
    Set<String> found = new HashSet<>();
    long unreadable = 0;
    int paged = 0;
    long total = -1;
    while (true) {
      if (paged >= MAX_ROWS) {
        throw bad("more than " + MAX_ROWS + " merchant orders of one second");
      }
      OrderPage page = ask(paged);
      for (MerchantOrder order : page.orders()) {
        found.add(order.id());
        met.put(order.id(), order);
      }
      unreadable += page.entries() - page.orders().size();
      paged += page.entries();
      boolean changed = total >= 0 && total != page.total();
      total = page.total();
      if (changed || page.entries() == 0 || paged >= total) {
        return !changed && found.size() + unreadable >= total;
      }
    }
  }

  private OrderPage ask(int offset) throws RemoteException {
    OrderPage page = search.page(new OrderSearch(reached, to, PAGE, offset));
    for (MerchantOrder order : page.orders()) {
      Instant date = order.updatedAt();
      if (date != null
          && (date.isBefore(reached.minus(TOLERANCE)) || date.isAfter(to.plus(TOLERANCE)))) {
        throw bad("merchant orders of another window than the one asked for");
      }
    }
    return page;
  }

  private static RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse("MercadoPago answered with " + what, 200, null);
  }
}

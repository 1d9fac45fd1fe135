package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.PaymentPage;
import dev.acuse.mercadopago.PaymentSearch;
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
import org.jspecify.annotations.Nullable;

/**
 * Walks through all payments that changed in a window of time, however many they are, and skips
 * none though they change meanwhile.
 *
 * <p>It never counts its way with an offset, which an entry that leaves would shift: each page asks
 * for what changed from the last page's end on, and a payment that changes on the way moves ahead
 * of us, where it is met again. Only within a single millisecond that fills a page is there no
 * other way than the offset; there what was found is held against how many there are.
 *
 * <p>What is answered is not trusted: a search that ignores its order or its window would make us
 * skip silently, and fails instead. Not thread-safe.
 */
final class PaymentWalk {
  /** One page of the search. */
  @FunctionalInterface
  interface Search {
    /** Asks for it. */
    PaymentPage page(PaymentSearch search) throws RemoteException;
  }

  /**
   * A part of the window that is through.
   *
   * @param payments may hold one that the slice before held already
   * @param reached everything before it has been handed out
   */
  record Slice(List<MercadoPagoPayment> payments, Instant reached) {}

  private static final int PAGE = 100;

  /** MercadoPago refuses to page further (error 1000 of its search). */
  private static final int MAX_ROWS = 10_000;

  /** MercadoPago may keep more or less of a second than it is asked about. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private static final int TRIES = 5;

  private final Search search;
  private final Instant end;
  private Instant reached;
  private int limit = PAGE;
  private boolean done;

  /**
   * @param begin of the window, or what an earlier walk had reached
   * @param end of the window; both by MercadoPago's clock
   */
  PaymentWalk(Search search, Instant begin, Instant end) {
    this.search = search;
    this.reached = begin.truncatedTo(ChronoUnit.MILLIS);
    this.end = end;
    this.done = reached.isAfter(end);
  }

  /** Whether the window is through. */
  boolean isDone() {
    return done;
  }

  /**
   * The next part; has asked once, or a few times where many payments changed at one moment.
   *
   * @throws RemoteException if there is no answer or a useless one; may be called again
   */
  Slice next() throws RemoteException {
    PaymentPage page = ask(reached, end, 0);
    Instant last = check(page);
    if (page.entries() == 0 || (page.entries() >= page.total() && page.entries() < limit)) {
      done = true;
      reached = end;
      return new Slice(page.payments(), end);
    }
    if (last == null) {
      throw bad("a page of payments none of which has a date");
    }
    Instant border = last.truncatedTo(ChronoUnit.MILLIS);
    if (!border.isAfter(reached)) {
      return crowded(page);
    }
    reached = border;
    return new Slice(
        page.payments().stream().filter(payment -> isBefore(payment, border)).toList(), border);
  }

  /** What changed at the border comes again with the next page, together with the rest of it. */
  private static boolean isBefore(MercadoPagoPayment payment, Instant border) {
    Instant date = payment.snapshot().mpUpdatedAt();
    return date == null || date.isBefore(border);
  }

  private Slice crowded(PaymentPage first) throws RemoteException {
    Instant next = reached.plusMillis(1);
    Map<String, MercadoPagoPayment> met = new LinkedHashMap<>();
    first.payments().forEach(payment -> met.put(payment.snapshot().mpPaymentId(), payment));
    for (int attempt = 0; attempt < TRIES; attempt++) {
      if (pageThrough(next, met)) {
        reached = next;
        done = next.isAfter(end);
        return new Slice(new ArrayList<>(met.values()), next);
      }
    }
    throw bad("a search that changes while it is paged");
  }

  /**
   * Pages through the payments of one moment.
   *
   * @param met those of it that were met, of earlier tries too; gets what is found
   * @return whether all were found: an entry that leaves meanwhile moves others to pages that have
   *     been asked for already
   */
  private boolean pageThrough(Instant next, Map<String, MercadoPagoPayment> met)
      throws RemoteException {
    Set<String> found = new HashSet<>();
    long unreadable = 0;
    int paged = 0;
    long total = -1;
    while (true) {
      if (paged + limit > MAX_ROWS) {
        throw bad("more than " + MAX_ROWS + " payments of one moment");
      }
      PaymentPage page = ask(reached, next, paged);
      check(page);
      for (MercadoPagoPayment payment : page.payments()) {
        found.add(payment.snapshot().mpPaymentId());
        met.put(payment.snapshot().mpPaymentId(), payment);
      }
      unreadable += page.entries() - page.payments().size();
      paged += page.entries();
      boolean changed = total >= 0 && total != page.total();
      total = page.total();
      if (changed || page.entries() == 0 || paged >= total) {
        return !changed && total > 0 && found.size() + unreadable >= total;
      }
    }
  }

  private PaymentPage ask(Instant from, Instant to, int offset) throws RemoteException {
    while (true) {
      try {
        return search.page(new PaymentSearch(from, to, limit, offset));
      } catch (RemoteException.BadResponse e) {
        if (!e.isTooLarge() || limit == 1) {
          throw e;
        }
        limit = limit / 2;
      }
    }
  }

  /** Answers the last date of a page that keeps its order and the window; null if it has none. */
  private @Nullable Instant check(PaymentPage page) throws RemoteException.BadResponse {
    Instant before = null;
    for (MercadoPagoPayment payment : page.payments()) {
      Instant date = payment.snapshot().mpUpdatedAt();
      if (date == null) {
        continue;
      }
      if (before != null && date.isBefore(before)) {
        throw bad("a search that is not in the order asked for");
      }
      if (date.isBefore(reached.minus(TOLERANCE)) || date.isAfter(end.plus(TOLERANCE))) {
        throw bad("a search of another window than the one asked for");
      }
      before = date;
    }
    return before;
  }

  private static RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse("MercadoPago answered with " + what, 200, null);
  }
}

package dev.acuse.mercadopago.reconciliation;

import dev.acuse.mercadopago.MercadoPagoPayment;
import dev.acuse.mercadopago.PaymentPage;
import dev.acuse.mercadopago.PaymentSearch;
import dev.acuse.payment.state.MomentOrder;
import dev.acuse.remote.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
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
 * of us, where it is met again. Only within a moment that fills a page is there no other way than
 * the offset; there what was found is held against how many there are.
 *
 * <p>MercadoPago shows a date up to a second off the one by which it sorts and selects, and not by
 * the same rule everywhere ({@link MomentOrder}). So each page is asked for from a second before
 * what was handed out, and the last two seconds of it are not handed out yet: what belongs there
 * may stand on the next page. Between the two lies a whole second, which a date with or without
 * milliseconds does not cross.
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

  /** So far what is shown may be off what was asked for: a second each way of two. */
  private static final Duration TOLERANCE = MomentOrder.OF_TWO;

  /** What is shown so long before the last date of a page cannot stand on the next one. */
  private static final Duration WITHHELD = MomentOrder.OF_TWO;

  /** What is handed out at once where a page is full of one moment. */
  private static final Duration MOMENT = MomentOrder.OF_TWO;

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
    this.reached = begin.truncatedTo(ChronoUnit.SECONDS);
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
    Instant from = reached.minus(MomentOrder.RESOLUTION);
    PaymentPage page = ask(from, end, 0);
    Instant latest = check(page, from, end);
    if (page.entries() == 0 || (page.entries() >= page.total() && page.entries() < limit)) {
      done = true;
      return through(page.payments(), end, Instant.MAX);
    }
    if (latest == null) {
      throw bad("a page of payments none of which has a date");
    }
    Instant border = latest.minus(WITHHELD).truncatedTo(ChronoUnit.SECONDS);
    return border.isAfter(reached) ? through(page.payments(), border, border) : crowded(page);
  }

  /** Hands out what is shown from where we were up to a border; it has to be asked for no more. */
  private Slice through(Collection<MercadoPagoPayment> met, Instant next, Instant border) {
    Instant from = reached;
    List<MercadoPagoPayment> fresh =
        met.stream().filter(payment -> isWithin(payment, from, border)).toList();
    reached = next;
    return new Slice(fresh, next);
  }

  private static boolean isWithin(MercadoPagoPayment payment, Instant from, Instant border) {
    Instant date = payment.snapshot().mpUpdatedAt();
    return date == null || (!date.isBefore(from) && date.isBefore(border));
  }

  private Slice crowded(PaymentPage first) throws RemoteException {
    Instant next = reached.plus(MOMENT);
    Map<String, MercadoPagoPayment> met = new LinkedHashMap<>();
    first.payments().forEach(payment -> met.put(payment.snapshot().mpPaymentId(), payment));
    collect(reached.minus(MomentOrder.RESOLUTION), next.plus(MomentOrder.RESOLUTION), met, true);
    done = next.isAfter(end);
    return through(met.values(), next, next);
  }

  /**
   * Gets all payments of a moment. Where MercadoPago refuses to page to its end, the halves of it
   * are asked for.
   *
   * @param met those of it that were met; gets what is found
   * @param isCrowded whether there must be some
   */
  private void collect(
      Instant from, Instant to, Map<String, MercadoPagoPayment> met, boolean isCrowded)
      throws RemoteException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      switch (pageThrough(from, to, met, isCrowded)) {
        case ALL -> {
          return;
        }
        case CHANGED -> {
          // Once more: an entry that left has moved others to pages that were asked for already.
        }
        case TOO_MANY -> {
          Instant middle =
              from.plus(Duration.between(from, to).dividedBy(2)).truncatedTo(ChronoUnit.MILLIS);
          if (!middle.isAfter(from)) {
            throw bad("more than " + MAX_ROWS + " payments of one moment");
          }
          collect(from, middle, met, false);
          collect(middle, to, met, false);
          return;
        }
      }
    }
    throw bad("a search that changes while it is paged");
  }

  private enum Paged {
    ALL,
    CHANGED,
    TOO_MANY
  }

  /**
   * Pages through the payments of one moment.
   *
   * @param met those of it that were met, of earlier tries too; gets what is found
   */
  private Paged pageThrough(
      Instant from, Instant to, Map<String, MercadoPagoPayment> met, boolean isCrowded)
      throws RemoteException {
    Set<String> found = new HashSet<>();
    long unreadable = 0;
    int paged = 0;
    long total = -1;
    while (true) {
      if (paged + limit > MAX_ROWS) {
        return Paged.TOO_MANY;
      }
      PaymentPage page = ask(from, to, paged);
      check(page, from, to);
      for (MercadoPagoPayment payment : page.payments()) {
        found.add(payment.snapshot().mpPaymentId());
        met.put(payment.snapshot().mpPaymentId(), payment);
      }
      unreadable += page.entries() - page.payments().size();
      paged += page.entries();
      boolean changed = total >= 0 && total != page.total();
      total = page.total();
      if (total > MAX_ROWS) {
        return Paged.TOO_MANY;
      }
      if (changed || page.entries() == 0 || paged >= total) {
        boolean isWhole = !changed && found.size() + unreadable >= total;
        return isWhole && (total > 0 || !isCrowded) ? Paged.ALL : Paged.CHANGED;
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

  /**
   * Answers the latest date of a page that keeps its order and the window, as far as dates tell;
   * null if it has none.
   */
  private static @Nullable Instant check(PaymentPage page, Instant from, Instant to)
      throws RemoteException.BadResponse {
    Instant latest = null;
    for (MercadoPagoPayment payment : page.payments()) {
      Instant date = payment.snapshot().mpUpdatedAt();
      if (date == null) {
        continue;
      }
      if (latest != null && MomentOrder.compareOfTwo(date, latest) < 0) {
        throw bad("a search that is not in the order asked for");
      }
      if (date.isBefore(from.minus(TOLERANCE)) || date.isAfter(to.plus(TOLERANCE))) {
        throw bad("a search of another window than the one asked for");
      }
      latest = latest == null || date.isAfter(latest) ? date : latest;
    }
    return latest;
  }

  private static RemoteException.BadResponse bad(String what) {
    return new RemoteException.BadResponse("MercadoPago answered with " + what, 200, null);
  }
}

package dev.acuse.mercadopago.reconciliation;

import dev.acuse.account.Account;
import dev.acuse.account.AccountSet;
import dev.acuse.account.Accounts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: of the accounts that are active, the one that has been due for longest, and
 * none twice at a time. An account that has given way queues up behind all that are due; one that
 * failed is left alone for a while, each time longer. All times are those of {@link
 * System#nanoTime}. Thread-safe.
 */
final class AccountTurns {
  private static final Duration FIRST_REST = Duration.ofSeconds(2);
  private static final Duration LONGEST_REST = Duration.ofMinutes(2);

  private final Accounts accounts;
  private final LongFunction<AccountReconciler> made;
  private final @Nullable Duration every;
  private final Map<Long, Seat> seats = new TreeMap<>();
  private @Nullable AccountSet known;

  /** An account's place in the queue. */
  private static final class Seat {
    private final AccountReconciler reconciler;
    private long scheduledNanos;
    private boolean isAsked = true;
    private long askedNanos;
    private long restNanos;
    private Duration nextRest = FIRST_REST;
    private boolean isTaken;

    Seat(AccountReconciler reconciler, long now) {
      this.reconciler = reconciler;
      this.scheduledNanos = now;
      this.askedNanos = now;
      this.restNanos = now;
    }
  }

  /**
   * A turn that has begun.
   *
   * @param isScheduled whether it is time for the next window; else only what is unfinished counts
   */
  record Taken(AccountReconciler reconciler, boolean isScheduled) {}

  /**
   * @param made makes what compares an account, by its id
   * @param every how long after the end of a scheduled turn the next one is due; null for never
   */
  AccountTurns(Accounts accounts, LongFunction<AccountReconciler> made, @Nullable Duration every) {
    this.accounts = accounts;
    this.made = made;
    this.every = every;
  }

  /** Gives the turn to the account that has been due for longest; empty if none is due. */
  synchronized Optional<Taken> take(long now) {
    follow(now);
    Seat first = null;
    for (Seat seat : seats.values()) {
      if (isWaiting(seat, now) && (first == null || due(seat) - due(first) < 0)) {
        first = seat;
      }
    }
    if (first == null) {
      return Optional.empty();
    }
    first.isTaken = true;
    first.isAsked = false;
    return Optional.of(new Taken(first.reconciler, isScheduled(first, now)));
  }

  /** Whether an account is due and has no turn. */
  synchronized boolean isAnyWaiting(long now) {
    follow(now);
    return seats.values().stream().anyMatch(seat -> isWaiting(seat, now));
  }

  /** Ends a turn. */
  synchronized void giveBack(Taken taken, AccountReconciler.End end, long now) {
    Seat seat = seats.get(taken.reconciler().accountId());
    if (seat == null) {
      return;
    }
    seat.isTaken = false;
    switch (end) {
      case THROUGH -> {
        seat.nextRest = FIRST_REST;
        if (taken.isScheduled() && every != null) {
          seat.scheduledNanos = now + every.toNanos();
        }
      }
      case GAVE_WAY -> {
        seat.nextRest = FIRST_REST;
        ask(seat, now);
        seat.restNanos = now;
      }
      case LATER -> {
        ask(seat, now);
        seat.restNanos = now + seat.nextRest.toNanos();
        Duration longer = seat.nextRest.multipliedBy(2);
        seat.nextRest = longer.compareTo(LONGEST_REST) < 0 ? longer : LONGEST_REST;
      }
    }
    follow(now);
  }

  /** What compares an account; empty if there is no such account, or it is not active. */
  synchronized Optional<AccountReconciler> of(long accountId, long now) {
    follow(now);
    return Optional.ofNullable(seats.get(accountId)).map(seat -> seat.reconciler);
  }

  /** Makes an account due that has something to be compared by request. */
  synchronized void ask(long accountId, long now) {
    Seat seat = seats.get(accountId);
    if (seat != null) {
      ask(seat, now);
    }
  }

  private static void ask(Seat seat, long now) {
    if (!seat.isAsked) {
      seat.isAsked = true;
      seat.askedNanos = now;
    }
  }

  /** How many accounts have a place in the queue. */
  synchronized int size() {
    return seats.size();
  }

  /** A seat whose turn is under way stays until that is over, so that it is not taken twice. */
  private void follow(long now) {
    AccountSet current = accounts.current();
    boolean isNew = current != known;
    known = current;
    if (isNew) {
      for (Account account : current.all()) {
        if (account.isActive()) {
          seats.computeIfAbsent(account.id(), id -> new Seat(made.apply(id), now));
        }
      }
    }
    seats.entrySet().removeIf(one -> !one.getValue().isTaken && !isActive(current, one.getKey()));
  }

  private static boolean isActive(AccountSet accounts, long accountId) {
    return accounts.byId(accountId).filter(Account::isActive).isPresent();
  }

  private boolean isWaiting(Seat seat, long now) {
    return !seat.isTaken
        && now - seat.restNanos >= 0
        && ((seat.isAsked && now - seat.askedNanos >= 0) || isScheduled(seat, now));
  }

  private boolean isScheduled(Seat seat, long now) {
    return every != null && now - seat.scheduledNanos >= 0;
  }

  /** Since when it has been due; counts only for one that is. */
  private long due(Seat seat) {
    long since = seat.isAsked ? seat.askedNanos : seat.scheduledNanos;
    if (seat.isAsked && every != null && seat.scheduledNanos - since < 0) {
      since = seat.scheduledNanos;
    }
    return seat.restNanos - since > 0 ? seat.restNanos : since;
  }
}

package dev.acuse.mercadopago.reconciliation;

import java.time.Instant;
import java.util.Locale;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.core.mapper.reflect.ColumnName;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of one window of MercadoPago's time with our side.
 *
 * @param accountId whose payments it compares
 * @param requestedBy who asked; null on schedule
 * @param dryRun only counted: nothing is to be healed
 * @param from of the window, by MercadoPago's clock
 * @param to its end
 * @param reached everything before it is compared
 * @param newest the latest {@code date_last_updated} met; null if none was
 * @param tries how often it was taken up since it last came further
 * @param gapFrom from where on it has left a gap, by MercadoPago's clock; null if it has left none
 * @param gapTo to where; null if it has left none
 * @param worker who compares it, or did last
 * @param resumed how often it was taken up again after a death or an outage
 * @param tally what was found
 * @param orders what was found of merchant orders
 * @param online what was found of orders of the Orders API
 * @param healed how many of its findings are right by now
 * @param busyMillis how long it was worked on
 * @param error why it waits, or failed
 */
public record ReconciliationRun(
    long id,
    long accountId,
    Cause cause,
    @Nullable String requestedBy,
    boolean dryRun,
    @ColumnName("window_from") Instant from,
    @ColumnName("window_to") Instant to,
    Instant reached,
    @Nullable Instant newest,
    Status status,
    int tries,
    @Nullable Instant gapFrom,
    @Nullable Instant gapTo,
    @Nullable String worker,
    int resumed,
    @Nested Tally tally,
    @Nested("orders") Orders orders,
    @Nested("online") OnlineOrders online,
    long healed,
    long busyMillis,
    @Nullable String error,
    Instant createdAt,
    @Nullable Instant finishedAt) {

  /** In one line, for people. */
  public String summary() {
    String found =
        ("MercadoPago has %d, we had %d; %d missing, %d stale, %d untagged;"
                + " %d of %d merchant orders and %d of %d orders behind")
            .formatted(
                tally.remote(),
                tally.known(),
                tally.missing(),
                tally.stale(),
                tally.untagged(),
                orders.behind(),
                orders.remote(),
                online.behind(),
                online.remote());
    String then =
        dryRun ? "a dry run: nothing was queued" : tally.queued() + " events to heal them";
    String end = error == null ? "" : ": " + error;
    return "Run %d (%s to %s) %s: %s; %s%s."
        .formatted(id, from, to, status.code(), found, then, end);
  }

  /** Why a window is compared. */
  public enum Cause {
    /** It was time. */
    SCHEDULE,
    /** Somebody asked. */
    MANUAL;

    /** The word used in the database and the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How far it is. */
  public enum Status {
    /** To be begun, or to be taken up again. */
    WAITING,
    /** Being compared; or its process died. */
    RUNNING,
    /** Compared to its end. */
    DONE,
    /** Given up; what was compared of it counts, and no gap of it is left. */
    FAILED,
    /** Given up for now, and a gap is left: it is tried again from time to time. */
    SET_ASIDE;

    /** The word used in the database and the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What was found.
   *
   * @param remote payments that MercadoPago has in the window
   * @param known those of them that we had, in whatever state
   * @param missing those that we had not
   * @param stale those of which we had an older state
   * @param untagged those that we had right, but for a tag
   * @param queued events made to heal them; fewer than were found where earlier runs had made some
   */
  public record Tally(
      long remote, long known, long missing, long stale, long untagged, long queued) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);
  }

  /**
   * What was found of merchant orders, which are compared when all payments are.
   *
   * @param remote merchant orders that MercadoPago has in the window
   * @param behind those with a payment that is missing, older or unlinked here
   * @param reached everything before it is compared
   */
  public record Orders(long remote, long behind, Instant reached) {}

  /**
   * What was found of orders of the Orders API, which are listed by when they were made, and
   * compared last. Of an account that uses none, none are asked for.
   *
   * @param remote orders that MercadoPago has in the window
   * @param behind those that are missing or older here
   * @param reached everything before it is compared
   */
  public record OnlineOrders(long remote, long behind, Instant reached) {}
}

package dev.acuse.inbox;

import dev.acuse.database.AccountCondition;
import dev.acuse.event.Attempt;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Place;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** An {@link EventFilter} as SQL: its conditions, and the values that they name. */
final class EventCriteria {
  /** The beginning of the keys that have a payment's id after it; an index is made for it. */
  private static final String PAYMENT = "mp:payment:";

  private final EventFilter filter;
  private final Whose whose;
  private final List<Long> held;

  /**
   * Whose events are meant, and how they are found.
   *
   * @param accountId the account whose index is read; null if no condition needs one
   * @param others more accounts that are meant, where the rows are not found by their account
   * @param isAll whether events of other accounts are meant as well, wherever no index needs one
   * @param stored the stored status of those that are meant; null for what the filter says
   */
  record Whose(
      @Nullable Long accountId, List<Long> others, boolean isAll, @Nullable EventStatus stored) {
    /** Everything there is, of {@code main} and no other account. */
    static final Whose MAIN_ALONE = new Whose(Place.MAIN_ACCOUNT, List.of(), true, null);

    /** Everything there is, where no condition needs the account. */
    static final Whose ALL = new Whose(null, List.of(), true, null);

    static Whose of(long accountId, @Nullable EventStatus stored) {
      return new Whose(accountId, List.of(), false, stored);
    }

    static Whose of(List<Long> accountIds) {
      return new Whose(null, accountIds, false, null);
    }
  }

  /**
   * What the filter means of everything there is, where there is no account but {@code main}.
   *
   * @param leases as they are before the events are read
   */
  EventCriteria(EventFilter filter, HeldLeases leases) {
    this(filter, Whose.MAIN_ALONE, held(filter, leases));
  }

  private EventCriteria(EventFilter filter, Whose whose, List<Long> held) {
    this.filter = filter;
    this.whose = whose;
    this.held = held;
  }

  /** A part of what the filter means. */
  static EventCriteria of(EventFilter filter, Whose whose, List<Long> held) {
    return new EventCriteria(filter, whose, held);
  }

  /** The leased events, where the filter has to tell those apart. */
  static List<Long> held(EventFilter filter, HeldLeases leases) {
    EventStatus status = filter.status();
    boolean asksWho = status == EventStatus.PENDING || status == EventStatus.PROCESSING;
    return asksWho ? leases.ids() : List.of();
  }

  /** Conditions to follow {@code WHERE}; never empty. */
  String conditions() {
    List<String> all = new ArrayList<>();
    all.add("1 = 1");
    addAccount(all);
    add(all, filter.status(), status());
    if (!filter.takesEffects()) {
      all.add("origin <> 'effect'");
    }
    add(all, filter.type(), "event_type = :type");
    EventOrigin origin = filter.origin();
    if (origin != null) {
      all.add(origin(origin));
    }
    addErrorKind(all);
    add(all, filter.mpPaymentId(), "mp_payment_id = :mpPaymentId");
    add(all, filter.preferenceId(), "preference_id = :preferenceId");
    add(all, filter.from(), "received_at >= :from");
    add(all, filter.to(), "received_at < :to");
    add(
        all,
        filter.search(),
        """
        id IN (SELECT id FROM webhook_events
            WHERE account_id = %1$d AND webhook_id LIKE :textPrefix ESCAPE '!'
          UNION SELECT id FROM webhook_events
            WHERE account_id = %1$d AND webhook_id LIKE :paymentPrefix ESCAPE '!'
          UNION SELECT id FROM webhook_events
            WHERE resource_id = :text AND webhook_id NOT LIKE 'mp:payment:%%' AND origin <> 'effect'
          UNION SELECT id FROM webhook_events WHERE mp_payment_id = :text
          UNION SELECT id FROM webhook_events WHERE preference_id = :text
          UNION SELECT id FROM webhook_events WHERE payment_id = ANY(:textPayments))"""
            .formatted(account()));
    return String.join(" AND ", all);
  }

  private void addErrorKind(List<String> all) {
    add(all, filter.errorKind(), "last_error_kind = :errorKind");
    if (isUnhandled()) {
      // An array, because PostgreSQL might join by a walk through all events.
      String whole = "SELECT event_id FROM unhandled_events";
      all.add(
          "id = ANY(ARRAY(%s))"
              .formatted(whose.isAll() ? whole : whole + " WHERE account_id = " + account()));
    }
  }

  /**
   * What no handler took has a table of its own: the few are found by it, and by no other index.
   */
  private boolean isUnhandled() {
    return filter.status() == EventStatus.IGNORED
        && Attempt.UNHANDLED_TOPIC.equals(filter.errorKind());
  }

  private void addAccount(List<String> all) {
    EventStatus stored = whose.stored();
    if (stored != null) {
      all.add("account_id = %d AND status = '%s'".formatted(account(), stored.code()));
    } else if (!whose.isAll()) {
      // With a status the index has both. Without one it is not to be read, or H2 would read all of
      // the account's and sort them.
      boolean isByIndex = filter.status() != null && whose.accountId() != null && !isUnhandled();
      all.add(
          AccountCondition.of(
              isByIndex ? "account_id" : "account_id + 0",
              whose.accountId() == null ? whose.others() : List.of(whose.accountId())));
    }
  }

  /** The account that a condition needs; none has this number if there is none to need it for. */
  private long account() {
    Long accountId = whose.accountId();
    return accountId == null ? -1 : accountId;
  }

  /**
   * What follows {@code ORDER BY} for the newest first. It names what is the same in each row,
   * because H2 takes the order of an index only if all of its columns are named.
   */
  String newestFirst() {
    return isByIndex() ? "account_id DESC, status DESC, id DESC" : "id DESC";
  }

  /** What follows {@code ORDER BY} for the lowest id first; as {@link #newestFirst()}. */
  String oldestFirst() {
    return whose.isAll() || !isByIndex() ? "id" : "account_id, status, id";
  }

  private boolean isByIndex() {
    EventStatus status = filter.status();
    if (whose.stored() != null) {
      return true;
    }
    if (isUnhandled()) {
      return false;
    }
    boolean isPending = status == EventStatus.PENDING || status == EventStatus.PROCESSING;
    return status != null && whose.accountId() != null && !(isPending && whose.isAll());
  }

  private String status() {
    EventStatus status = filter.status();
    if (isUnhandled()) {
      // So worded, it is looked up in no index.
      return "status || '' = 'ignored'";
    }
    if (status == EventStatus.PENDING) {
      return "status = 'pending' AND id <> ALL(:held)";
    }
    if (status == EventStatus.PROCESSING) {
      return "status = 'pending' AND id = ANY(:held)";
    }
    if (whose.accountId() == null) {
      return "status = '%s'".formatted(status == null ? "" : status.code());
    }
    // A word in the text, because the planner has to know which partial index holds it. No index
    // of what is pending begins with the account.
    return "account_id = %d AND status = '%s'"
        .formatted(account(), status == null ? "" : status.code());
  }

  private String origin(EventOrigin origin) {
    String condition = "origin = '" + origin.code() + "'";
    if (origin != EventOrigin.EFFECT || filter.status() != null || !whose.isAll()) {
      return condition;
    }
    // True of each row. So worded, effects are found by two indexes where they are few: that of
    // those that have ended, and that of what is pending.
    return condition
        + " AND ((account_id = %d AND status <> 'pending') OR status = 'pending')"
            .formatted(account());
  }

  private static void add(List<String> conditions, @Nullable Object value, String condition) {
    if (value != null) {
      conditions.add(condition);
    }
  }

  /** Binds the values that {@link #conditions()} name. */
  <T extends SqlStatement<T>> T bind(T statement) {
    T bound = statement;
    EventStatus status = filter.status();
    if (status == EventStatus.PENDING || status == EventStatus.PROCESSING) {
      bound = bound.bindArray("held", Long.class, held);
    }
    if (filter.type() != null) {
      bound = bound.bind("type", filter.type());
    }
    if (filter.errorKind() != null) {
      bound = bound.bind("errorKind", filter.errorKind());
    }
    if (filter.mpPaymentId() != null) {
      bound = bound.bind("mpPaymentId", filter.mpPaymentId());
    }
    if (filter.preferenceId() != null) {
      bound = bound.bind("preferenceId", filter.preferenceId());
    }
    if (filter.from() != null) {
      bound = bound.bind("from", filter.from());
    }
    if (filter.to() != null) {
      bound = bound.bind("to", filter.to());
    }
    EventFilter.Search search = filter.search();
    return search == null ? bound : bindSearch(bound, search);
  }

  private static <T extends SqlStatement<T>> T bindSearch(T statement, EventFilter.Search search) {
    String escaped = search.text().replaceAll("[!%_]", "!$0");
    return statement
        .bind("text", search.text())
        .bind("textPrefix", escaped + "%")
        .bind("paymentPrefix", PAYMENT + escaped + ":%")
        .bindArray("textPayments", Long.class, search.paymentIds());
  }
}

package dev.acuse.recovery.journal;

import dev.acuse.event.Arrival;
import dev.acuse.event.Ticket;
import dev.acuse.inbox.EventKey;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.IntakeBalance;
import dev.acuse.inbox.Ledger;
import dev.acuse.payment.state.Checkout;
import dev.acuse.recovery.journal.JournalRecord.Counts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Puts back what the journal holds and the database doesn't: events, to be worked on now, and
 * checkouts. What is there already stays as it is. Then the books. One thread.
 */
public final class JournalReplay implements JournalRecord.Listener {
  private static final int GROUP = 200;
  private static final int GROUP_BYTES = 4 << 20;

  private final Jdbi jdbi;
  private final EventStore events;
  private final Ledger ledger;
  private final List<Arrival> group = new ArrayList<>();
  private final Map<String, IntakeBalance> runs = new LinkedHashMap<>();
  private final Map<String, List<Ticket>> later = new LinkedHashMap<>();
  private final DeletedTickets deleted;
  private int groupBytes;
  private long eventsFound;
  private long eventsPutBack;
  private long checkoutsPutBack;
  private @Nullable Counts counts;

  public JournalReplay(Jdbi jdbi, InstantSource clock, int maxAttempts) {
    this(jdbi, clock, maxAttempts, new DeletedTickets());
  }

  /**
   * @param deleted what newer records have told of
   */
  public JournalReplay(Jdbi jdbi, InstantSource clock, int maxAttempts, DeletedTickets deleted) {
    this.deleted = deleted;
    this.jdbi = jdbi;
    this.events = new EventStore(jdbi, clock, maxAttempts);
    this.ledger = new Ledger(jdbi, clock);
  }

  @Override
  public void arrival(Arrival arrival) {
    Ticket ticket = arrival.ticket();
    if (ticket != null) {
      later.computeIfAbsent(ticket.run(), run -> new ArrayList<>()).add(ticket);
      if (deleted.contains(ticket)) {
        return;
      }
    }
    group.add(arrival);
    groupBytes += arrival.event().rawPayload().length;
    if (group.size() == GROUP || groupBytes > GROUP_BYTES) {
      flush();
    }
  }

  /** Ends a group. */
  public void flush() {
    Map<EventKey, Optional<Ticket>> known = known();
    List<Arrival> missing = new ArrayList<>();
    for (Arrival arrival : group) {
      Optional<Ticket> ticket = known.get(EventKey.of(arrival.event()));
      if (ticket == null) {
        if (!isReleased(arrival)) {
          missing.add(arrival);
        }
      } else if (arrival.ticket() != null && ticket.equals(Optional.of(arrival.ticket()))) {
        eventsFound++;
      }
    }
    if (!missing.isEmpty()) {
      eventsPutBack += events.appendAll(missing).stream().filter(isNew -> isNew).count();
    }
    group.clear();
    groupBytes = 0;
  }

  /** What was no account's when it came in may be an account's by now: it has kept its ticket. */
  private boolean isReleased(Arrival arrival) {
    Ticket ticket = arrival.ticket();
    return ticket != null && arrival.event().hasUnknownAccount() && events.isStored(ticket);
  }

  private Map<EventKey, Optional<Ticket>> known() {
    // A join by both columns of the key, because for a list of keys H2 would read all rows.
    List<EventKey> keys =
        group.stream().map(arrival -> EventKey.of(arrival.event())).distinct().toList();
    return jdbi.withHandle(
        handle ->
            EventKey.bind(
                    handle.createQuery(
                        "SELECT e.account_id, e.webhook_id, e.intake_run, e.intake_no FROM "
                            + EventKey.GIVEN
                            + """
                            JOIN webhook_events e
                              ON e.account_id = given.account_id
                                AND e.webhook_id = given.webhook_id
                            """),
                    keys)
                .map((row, context) -> Map.entry(EventKey.of(row), ticket(row)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  private static Optional<Ticket> ticket(ResultSet row) throws SQLException {
    String run = row.getString("intake_run");
    return run == null ? Optional.empty() : Optional.of(new Ticket(run, row.getLong("intake_no")));
  }

  @Override
  public void checkout(Checkout checkout) {
    checkoutsPutBack += jdbi.inTransaction(handle -> insert(handle, checkout));
  }

  /** Under its own id, to which its payments lead, if that is free. */
  private static int insert(Handle handle, Checkout checkout) {
    int inserted = insert(handle, checkout, "id, ", ":id, ");
    return inserted > 0 ? inserted : insert(handle, checkout, "", "");
  }

  private static int insert(Handle handle, Checkout checkout, String column, String value) {
    return handle
        .createUpdate(
            """
            INSERT INTO checkouts (%saccount_id, external_reference, preference_id, contact_id, title, amount,
              currency, payer_email, status, init_point, paid_at, created_at, updated_at)
            VALUES (%s:accountId, :externalReference, :preferenceId, :contactId, :title, :amount,
              :currency, :payerEmail, :status, :initPoint, :paidAt, :createdAt, :updatedAt)
            ON CONFLICT DO NOTHING
            """
                .formatted(column, value))
        .bindMethods(checkout)
        .execute();
  }

  @Override
  public void run(IntakeBalance run) {
    runs.put(run.run(), run);
    later.remove(run.run());
  }

  @Override
  public void counts(Counts now) {
    counts = now;
  }

  @Override
  public void deleted(Map<String, List<Long>> tickets) {
    deleted.add(tickets);
  }

  /** Puts the books right; after all records. */
  public void finish() {
    flush();
    runs.forEach((run, kept) -> ledger.restore(kept, later.getOrDefault(run, List.of())));
  }

  /**
   * How many events were there already, and by the arrival that it was told of: of a duplicate only
   * an earlier one may be.
   */
  public long eventsFound() {
    return eventsFound;
  }

  /** How many events were put back. */
  public long eventsPutBack() {
    return eventsPutBack;
  }

  /** How many checkouts were put back. */
  public long checkoutsPutBack() {
    return checkoutsPutBack;
  }

  /** How many rows there were when it was last written down; null if it never was. */
  public @Nullable Counts counts() {
    return counts;
  }
}

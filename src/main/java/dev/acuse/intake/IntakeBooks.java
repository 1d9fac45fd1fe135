package dev.acuse.intake;

import dev.acuse.event.Ticket;
import dev.acuse.inbox.IntakeTally;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what came in by this process run and how it was answered, and gives each arrival a ticket.
 * Thread-safe. An answer is counted after what it promises is on disk, and before it is given.
 */
public final class IntakeBooks {
  /** So many that were answered 503 in a row of outages are remembered. */
  private static final int MOST_UNSURE = 100_000;

  private static final String UNAVAILABLE = "unavailable";

  private final String run;
  private final AtomicLong tickets = new AtomicLong();
  private final LongAdder received = new LongAdder();
  private final Map<Receipt, LongAdder> receipts = new EnumMap<>(Receipt.class);
  private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private final Deque<Ticket> unsure = new ArrayDeque<>();

  /**
   * @param run names this process run, like no other
   */
  public IntakeBooks(String run) {
    this.run = run;
    for (Receipt receipt : Receipt.values()) {
      receipts.put(receipt, new LongAdder());
    }
  }

  /** The name of this process run. */
  public String run() {
    return run;
  }

  Ticket next() {
    return new Ticket(run, tickets.incrementAndGet());
  }

  void received() {
    received.increment();
  }

  void acknowledged(Receipt receipt) {
    adder(receipt).increment();
  }

  /** By the code of the answer. */
  void refused(String code) {
    refusals.computeIfAbsent(code, key -> new LongAdder()).increment();
  }

  /** Answered 503, though the database may have stored it. */
  void unsure(Ticket ticket) {
    synchronized (unsure) {
      if (unsure.size() == MOST_UNSURE) {
        unsure.removeFirst();
      }
      unsure.addLast(ticket);
    }
  }

  /** The tickets of requests that were answered 503 and may be rows all the same. */
  List<Ticket> unsure() {
    synchronized (unsure) {
      return List.copyOf(unsure);
    }
  }

  /** How the requests were answered so far. */
  public IntakeTally tally() {
    Map<String, Long> rejected = new ConcurrentHashMap<>();
    refusals.forEach((code, count) -> rejected.put(code, count.sum()));
    Long unavailable = rejected.remove(UNAVAILABLE);
    return new IntakeTally(
        received.sum(),
        adder(Receipt.STORED).sum(),
        adder(Receipt.SPOOLED).sum(),
        adder(Receipt.DUPLICATE).sum(),
        adder(Receipt.QUARANTINED).sum(),
        unavailable == null ? 0 : unavailable,
        rejected);
  }

  private LongAdder adder(Receipt receipt) {
    return Objects.requireNonNull(receipts.get(receipt));
  }
}

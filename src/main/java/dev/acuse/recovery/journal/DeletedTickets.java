package dev.acuse.recovery.journal;

import dev.acuse.event.Ticket;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which events were deleted, by their tickets: a bit each, because a flood of three days may be
 * among them.
 */
public final class DeletedTickets {
  /** What a run has beyond this many is not remembered, and put back. */
  private static final long MOST = 1L << 28;

  private final Map<String, BitSet> numbers = new HashMap<>();

  void add(Map<String, List<Long>> tickets) {
    tickets.forEach(
        (run, added) -> {
          BitSet all = numbers.computeIfAbsent(run, unused -> new BitSet());
          added.stream()
              .filter(DeletedTickets::isRemembered)
              .forEach(number -> all.set(number.intValue()));
        });
  }

  boolean contains(Ticket ticket) {
    BitSet all = numbers.get(ticket.run());
    return all != null && isRemembered(ticket.number()) && all.get((int) ticket.number());
  }

  private static boolean isRemembered(long number) {
    return number >= 0 && number < MOST;
  }
}

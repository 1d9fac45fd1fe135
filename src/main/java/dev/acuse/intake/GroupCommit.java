package dev.acuse.intake;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Arrival;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a group of arrivals in one transaction. If the database refuses the group, each goes
 * alone: one bad row must not fail its neighbours. Thread-safe.
 */
final class GroupCommit {
  private static final Logger LOGGER = LoggerFactory.getLogger(GroupCommit.class);
  private static final int TRIES = 4;

  private final EventStore store;
  private final Function<Arrival, Receipt> onRefused;

  /**
   * @param onRefused decides what becomes of one that the database refuses though it goes alone;
   *     may use the database
   */
  GroupCommit(EventStore store, Function<Arrival, Receipt> onRefused) {
    this.store = store;
    this.onRefused = onRefused;
  }

  /**
   * Stores them.
   *
   * @return what became of each, in order
   * @throws org.jdbi.v3.core.JdbiException if the database is out: each may be stored or not
   */
  List<Receipt> commit(List<Arrival> group) {
    try {
      return append(group).stream().map(GroupCommit::receipt).toList();
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isRefusal(e)) {
        throw e;
      }
      LOGGER.warn("a group of {} webhooks was refused; storing each alone", group.size(), e);
    }
    List<Receipt> receipts = new ArrayList<>();
    for (Arrival arrival : group) {
      receipts.add(commitAlone(arrival));
    }
    return receipts;
  }

  private Receipt commitAlone(Arrival arrival) {
    try {
      return receipt(append(List.of(arrival)).get(0));
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isRefusal(e)) {
        throw e;
      }
      LOGGER.error("the database refuses a webhook", e);
      return onRefused.apply(arrival);
    }
  }

  /** A deadlock with another instance's duplicates passes when it is tried again. */
  private List<Boolean> append(List<Arrival> group) {
    for (int attempt = 1; ; attempt++) {
      try {
        return store.appendAll(group);
      } catch (RuntimeException e) {
        if (attempt == TRIES || !DatabaseTrouble.isConflict(e)) {
          throw e;
        }
      }
    }
  }

  private static Receipt receipt(boolean isNew) {
    return isNew ? Receipt.STORED : Receipt.DUPLICATE;
  }
}

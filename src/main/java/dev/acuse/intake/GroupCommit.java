package dev.acuse.intake;

import dev.acuse.event.Arrival;
import dev.acuse.event.DatabaseTrouble;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.EventStore;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores a group of arrivals in one transaction. If the database refuses the group, each goes
 * alone: one bad row must not fail its neighbours, and is kept as quarantined with its bytes.
 * Thread-safe.
 */
final class GroupCommit {
  private static final Logger LOGGER = LoggerFactory.getLogger(GroupCommit.class);
  private static final int TRIES = 4;

  private final EventStore store;
  private final Supplier<UUID> ids;

  /**
   * @param ids for keys of rows that are refused
   */
  GroupCommit(EventStore store, Supplier<UUID> ids) {
    this.store = store;
    this.ids = ids;
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
      if (DatabaseTrouble.isOutage(e)) {
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
      if (DatabaseTrouble.isOutage(e)) {
        throw e;
      }
      LOGGER.error("the database refuses a webhook; keeping its bytes as quarantined", e);
      append(List.of(asBytesOnly(arrival)));
      return Receipt.QUARANTINED;
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

  /**
   * With no text but plain ASCII: whatever the database took offence at, that and bytes it takes.
   */
  private Arrival asBytesOnly(Arrival arrival) {
    NewEvent event = arrival.event();
    return new Arrival(
        new NewEvent(
            "quarantine:" + ids.get(),
            event.source(),
            "unknown",
            null,
            null,
            EventStatus.QUARANTINED,
            "the database refused it",
            SignatureState.UNCHECKED,
            EventOrigin.WEBHOOK,
            event.rawPayload(),
            plain(event.queryString()),
            Map.of()),
        arrival.receivedAt(),
        null);
  }

  private static @Nullable String plain(@Nullable String query) {
    return query == null ? null : query.replaceAll("[^ -~]", "?");
  }
}

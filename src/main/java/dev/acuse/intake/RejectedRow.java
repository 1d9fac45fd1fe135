package dev.acuse.intake;

import dev.acuse.database.DatabaseTrouble;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a webhook that the database refuses as quarantined, with its bytes. Thread-safe. */
final class RejectedRow {
  private static final Logger LOGGER = LoggerFactory.getLogger(RejectedRow.class);

  private final EventStore store;
  private final Supplier<UUID> ids;

  /**
   * @param ids for the keys that they are kept under
   */
  RejectedRow(EventStore store, Supplier<UUID> ids) {
    this.store = store;
    this.ids = ids;
  }

  /**
   * Keeps one.
   *
   * @throws org.jdbi.v3.core.JdbiException if the database is out
   */
  Receipt keep(Arrival arrival) {
    try {
      store.appendAll(List.of(asBytesOnly(arrival)));
      return Receipt.QUARANTINED;
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.isRefusal(e)) {
        throw e;
      }
      LOGGER.error("nor does it take its bytes", e);
      return Receipt.REFUSED;
    }
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
            Map.of(),
            // No account gets what names nothing any more, so it does not wait for one.
            event.hasUnknownAccount() ? Place.MAIN : event.place()),
        arrival.receivedAt(),
        null);
  }

  private static @Nullable String plain(@Nullable String query) {
    return query == null ? null : query.replaceAll("[^ -~]", "?");
  }
}

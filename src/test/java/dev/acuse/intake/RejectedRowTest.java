package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.inbox.EventStore;
import dev.acuse.intake.IntakeWriter.Receipt;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the database refuses. */
class RejectedRowTest {
  private static final UUID ID = new UUID(1, 2);

  private final ManualClock clock = ManualClock.create();
  private TestDatabase database;
  private EventStore store;

  @BeforeEach
  void open() {
    database = TestDatabase.open(Engine.H2);
    store = new EventStore(database.jdbi(), clock, 4);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest(name = "of account {0}: in account {1}, lane {2}")
  @CsvSource({"1, 1, mp:1", "2, 2, mp:2", "0, 1, mp:1"})
  void isInTheQuarantineOfItsAccount(long account, long kept, String lane) {
    Place place = account == 0 ? Place.unknownAccount(3) : Place.mercadoPago(account);
    NewEvent like = Events.pending("a");
    NewEvent event =
        new NewEvent(
            like.webhookId(),
            like.source(),
            like.eventType(),
            null,
            like.resourceId(),
            account == 0 ? EventStatus.QUARANTINED : EventStatus.PENDING,
            null,
            like.signature(),
            like.origin(),
            like.rawPayload(),
            null,
            Map.of(),
            place);

    assertThat(
            new RejectedRow(store, () -> ID)
                .keep(new Arrival(event, clock.instant(), clock.instant())))
        .isEqualTo(Receipt.QUARANTINED);

    assertThat(
            database.count(
                "webhook_events WHERE account_id = %d AND lane = '%s' AND status = 'quarantined'"
                    .formatted(kept, lane)))
        .isEqualTo(1);
    assertThat(database.count("webhook_events")).isEqualTo(1);
  }
}

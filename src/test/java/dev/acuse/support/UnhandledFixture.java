package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.Attempt;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Lane;
import dev.acuse.event.Lease;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Webhooks of any topic of the accounts 1 and 2, and the ends of their attempts. */
public final class UnhandledFixture {
  private final TestDatabase database;
  private final EventStore store;
  private final InstantSource clock;
  private int keys;

  /** By this store. */
  public UnhandledFixture(TestDatabase database, EventStore store, InstantSource clock) {
    this.database = database;
    this.store = store;
    this.clock = clock;
  }

  /** Stores one, and answers its id. */
  public long arrive(long account, String type, SignatureState signature) {
    String key = type + "-" + ++keys;
    store.append(
        new NewEvent(
            key,
            "mp",
            type,
            null,
            "1",
            EventStatus.PENDING,
            null,
            signature,
            EventOrigin.WEBHOOK,
            "{}".getBytes(StandardCharsets.UTF_8),
            null,
            Map.of(),
            Place.mercadoPago(account)));
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT id FROM webhook_events WHERE webhook_id = :key")
                    .bind("key", key)
                    .mapTo(Long.class)
                    .one());
  }

  /** Has all that is due end so, of which there is some. */
  public void workOff(Next next, @Nullable String errorKind) {
    assertThat(store.end(claim(next, errorKind))).isNotEmpty().doesNotContain(false);
  }

  /** The ends of all that is due, which are not recorded. */
  public List<AttemptEnd> claim(Next next, @Nullable String errorKind) {
    Lane[] lanes = {Lane.mercadoPago(1), Lane.mercadoPago(2)};
    return store.claim(Claims.due("me", 2_000, Duration.ofMinutes(1), lanes)).stream()
        .map(event -> end(event, next, errorKind))
        .toList();
  }

  private AttemptEnd end(WebhookEvent event, Next next, @Nullable String errorKind) {
    String owner = Objects.requireNonNull(event.leaseOwner());
    Instant now = clock.instant();
    var attempt =
        new Attempt(
            event.id(),
            event.claimNo(),
            owner,
            now,
            now,
            next.kind().outcome(),
            errorKind,
            errorKind == null ? null : "no handler for " + event.eventType(),
            null,
            List.of(),
            null);
    return new AttemptEnd(
        next, new Lease(event.id(), owner, event.claimNo()), attempt, null, null, null);
  }
}

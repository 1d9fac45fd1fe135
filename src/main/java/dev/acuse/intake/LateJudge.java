package dev.acuse.intake;

import dev.acuse.account.Accounts;
import dev.acuse.event.Arrival;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Unjudged;
import dev.acuse.intake.WebhookSource.Accepted;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges what could not be judged when it came in, because the accounts were not known.
 * Thread-safe.
 */
public final class LateJudge {
  /** Knows no source: what is not judged stays as it was kept. */
  static final LateJudge NONE = new LateJudge(List.of(), () -> true);

  private final Map<String, WebhookSource> sources;
  private final BooleanSupplier isReady;

  private LateJudge(List<WebhookSource> sources, BooleanSupplier isReady) {
    this.sources =
        sources.stream().collect(Collectors.toMap(WebhookSource::name, Function.identity()));
    this.isReady = isReady;
  }

  /**
   * @param accounts that must have been read from the database first: what was known when the
   *     delivery came in did not suffice
   */
  public LateJudge(List<WebhookSource> sources, Accounts accounts) {
    this(sources, () -> accounts.fresh().isFresh() && accounts.isKnown());
  }

  /** Whether the accounts are known as they are now; may ask the database. */
  boolean isReady() {
    return isReady.getAsBoolean();
  }

  /**
   * The same, judged. What is refused is kept as quarantined under the key that it has had, so that
   * to judge it twice does no harm; its sender was answered long ago.
   */
  Arrival judged(Arrival arrival) {
    Unjudged unjudged = arrival.unjudged();
    if (unjudged == null) {
      return arrival;
    }
    NewEvent kept = arrival.event();
    WebhookSource source = sources.get(kept.source());
    if (source == null) {
      return new Arrival(kept, arrival.receivedAt(), null, arrival.ticket());
    }
    WebhookSource.Examined examined = source.examineFully(Delivery.of(kept.rawPayload(), unjudged));
    NewEvent event =
        examined instanceof Accepted accepted
            ? accepted.event()
            : withKey(kept.webhookId(), examined.event());
    return new Arrival(event, arrival.receivedAt(), arrival.receivedAt(), arrival.ticket());
  }

  private static NewEvent withKey(String key, NewEvent event) {
    return new NewEvent(
        key,
        event.source(),
        event.eventType(),
        event.action(),
        event.resourceId(),
        EventStatus.QUARANTINED,
        event.reason(),
        event.signature(),
        event.origin(),
        event.rawPayload(),
        event.queryString(),
        event.headers(),
        event.place(),
        event.sellerId());
  }
}

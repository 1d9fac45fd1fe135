package dev.acuse.mercadopago.reconciliation;

import dev.acuse.event.Arrival;
import dev.acuse.event.EventOrigin;
import dev.acuse.event.Lane;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.inbox.EventStore;
import dev.acuse.mercadopago.Topic;
import dev.acuse.payment.PaymentLookUps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Has what MercadoPago holds looked up by the ordinary handlers, by way of events of our own. All
 * of them are made here, so that their source is named in one place. They are unique within their
 * account and wait in its lane. Thread-safe.
 */
public final class LookUps implements PaymentLookUps {
  private final EventStore events;
  private final InstantSource clock;

  /**
   * @param clock the database's time
   */
  public LookUps(EventStore events, InstantSource clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * A resource to be looked up.
   *
   * @param topic the {@link Topic#code} of what is looked up
   * @param why the same resource for the same reason is one event
   */
  record LookUp(String topic, String id, String why) {}

  /**
   * Stores events that are due at once, for what a comparison found; when this returns, they are on
   * disk.
   *
   * @param accountId in which it was found
   * @return how many are new
   */
  int queue(long accountId, List<LookUp> found) {
    return found.isEmpty() ? 0 : store(accountId, found, EventOrigin.RECONCILIATION);
  }

  @Override
  public void lookUp(long accountId, String mpPaymentId, String why) {
    store(
        accountId, List.of(new LookUp(Topic.PAYMENT.code(), mpPaymentId, why)), EventOrigin.MANUAL);
  }

  private int store(long accountId, List<LookUp> lookUps, EventOrigin origin) {
    var place = new Place(accountId, Lane.mercadoPago(accountId), null);
    Instant now = clock.instant();
    List<Arrival> arrivals =
        lookUps.stream().map(one -> new Arrival(event(one, origin, place), now, now)).toList();
    return (int) events.appendAll(arrivals).stream().filter(isNew -> isNew).count();
  }

  private static NewEvent event(LookUp lookUp, EventOrigin origin, Place place) {
    return NewEvent.lookUp(
        "acuse:" + lookUp.topic() + ":" + lookUp.id() + ":" + lookUp.why(),
        Topic.SOURCE,
        lookUp.topic(),
        lookUp.id(),
        origin,
        place);
  }
}

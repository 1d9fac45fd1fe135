package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Outcome;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.Topic.Care;

/**
 * What becomes of events that no handler takes: one that MercadoPago's panel has simulated, one of
 * a topic about which nothing has to be done, and all others, which wait for a version that has a
 * handler. Thread-safe.
 */
public final class UnhandledTopics implements Handlers.Work {
  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    if (Simulation.isWithoutLookUp(event)) {
      return Simulation.ignored();
    }
    boolean needsNothing =
        event.source().equals(Topic.SOURCE)
            && Topic.of(event.eventType()).filter(topic -> topic.care() == Care.NONE).isPresent();
    return needsNothing
        ? Outcome.nothingToDo("nothing has to be done about " + event.eventType())
        : Outcome.unhandled(event.eventType());
  }
}

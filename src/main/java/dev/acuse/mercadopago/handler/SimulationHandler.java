package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.EventHandler;
import dev.acuse.dispatch.Outcome;
import dev.acuse.event.WebhookEvent;

/**
 * Says of simulated notifications whose topic no other handler takes that they are simulated. Must
 * be asked last. Thread-safe.
 */
public final class SimulationHandler implements EventHandler {
  @Override
  public boolean handles(WebhookEvent event) {
    return Simulation.isWithoutLookUp(event);
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    return Simulation.ignored();
  }
}

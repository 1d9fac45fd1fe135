package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Handlers;
import dev.acuse.dispatch.Outcome;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.notification.Named;
import dev.acuse.mercadopago.notification.NamedBeside;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Works off what an event is about, and then what its delivery names beside it, each by its own
 * topic: of a query and a body that differ both are looked up. It is one event, and each attempt
 * does all of it. What is named beside is a hint, because nothing signs a body. Thread-safe.
 */
public final class AlsoNamed implements Handlers.Work {
  private final Handlers.Work ordinary;
  private final Requests requests;

  /** Reads what a delivery brought. */
  @FunctionalInterface
  public interface Requests {
    /** The request of an account's event; empty if there is none any more. */
    Optional<ReceivedRequest> of(long accountId, long eventId);
  }

  /**
   * @param ordinary takes an event by its type
   * @param requests asked only of an event that may name something beside
   */
  public AlsoNamed(Handlers.Work ordinary, Requests requests) {
    this.ordinary = ordinary;
    this.requests = requests;
  }

  @Override
  public Outcome handle(WebhookEvent event, AttemptLog attempt) {
    List<Named> beside = NamedBeside.mayBeOf(event) ? namedBeside(event) : List.of();
    if (beside.isEmpty()) {
      return ordinary.handle(event, attempt);
    }
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(ordinary.handle(event, attempt));
    attempt.keepLinks();
    for (Named named : beside) {
      attempt.step("also named", () -> named, one -> one.type() + " " + one.resourceId());
      Outcome outcome = ordinary.handle(hint(event, named), attempt);
      outcomes.add(isOwnTopicUnhandled(outcome, event, named) ? outcome : Hint.settled(outcome));
    }
    return OutcomePriority.first(outcomes);
  }

  /** Of the event's own topic it is no less true because its own id looks simulated. */
  private static boolean isOwnTopicUnhandled(Outcome outcome, WebhookEvent event, Named named) {
    return outcome.isUnhandled() && named.type().equalsIgnoreCase(event.eventType());
  }

  private List<Named> namedBeside(WebhookEvent event) {
    String resourceId = event.resourceId();
    if (resourceId == null) {
      return List.of();
    }
    return requests
        .of(event.accountId(), event.id())
        .map(request -> NamedBeside.of(request, event.eventType(), resourceId))
        .orElse(List.of());
  }

  /** The event as it would be if its delivery had named only this, and proven nothing. */
  private static WebhookEvent hint(WebhookEvent event, Named named) {
    WebhookEvent.Subject subject = event.subject();
    WebhookEvent.Receipt receipt = event.receipt();
    return new WebhookEvent(
        event.id(),
        new WebhookEvent.Subject(
            subject.webhookId(),
            subject.source(),
            named.type(),
            subject.action(),
            named.resourceId(),
            null,
            null,
            null,
            subject.place()),
        new WebhookEvent.Receipt(
            receipt.origin(),
            SignatureState.UNVERIFIABLE,
            receipt.receivedAt(),
            receipt.deliveries(),
            receipt.lastDeliveredAt(),
            receipt.confirmedAt()),
        event.progress(),
        event.claim());
  }
}

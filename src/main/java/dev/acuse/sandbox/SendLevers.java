package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.address;
import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.io.IOException;
import java.net.URI;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;

/**
 * The levers that send one notification and answer with the status that it got.
 *
 * <ul>
 *   <li>{@code POST /_sandbox/announce?payment_id=1&url=…} sends one webhook about a payment and
 *       answers with its status: of {@code seller}, to the payer with {@code as=payer}, {@code
 *       action=created} or {@code updated}
 *   <li>{@code POST /_sandbox/send?sample=chargeback&url=…}: what the command {@code trigger}
 *       sends, but signed by the application of a {@code seller}, about {@code id} and {@code
 *       payment_id}
 * </ul>
 */
final class SendLevers {
  private final SandboxMercadoPago mercadoPago;
  private final AccountLevers accounts;
  private final BiFunction<SandboxSeller, URI, Notifier> notifiers;

  /**
   * @param notifiers make what sends a seller's notifications to an address
   */
  SendLevers(
      SandboxMercadoPago mercadoPago,
      AccountLevers accounts,
      BiFunction<SandboxSeller, URI, Notifier> notifiers) {
    this.mercadoPago = mercadoPago;
    this.accounts = accounts;
    this.notifiers = notifiers;
  }

  private static Reply sent(Notifier notifier, Notification notification, URI url) throws Refusal {
    try {
      return Reply.json(200, Json.object().put("status", notifier.send(notification).status()));
    } catch (IOException e) {
      throw refusal(502, "no answer from " + url.getHost());
    }
  }

  Reply announce(Request request) throws Refusal {
    URI url = address(request, "url");
    long id = Long.parseLong(required(request, "payment_id"));
    SandboxSeller collector = accounts.holder(request, id);
    SandboxPayment payment =
        collector.payment(id).orElseThrow(() -> new NoSuchElementException("no payment " + id));
    Notifier notifier = notifiers.apply(told(request, collector, payment), url);
    Notification notification = notification(request, notifier.notifications(), id);
    return sent(notifier, notification, url);
  }

  private SandboxSeller told(Request request, SandboxSeller collector, SandboxPayment payment)
      throws Refusal {
    return switch (request.query().getOrDefault("as", "collector")) {
      case "collector" -> collector;
      case "payer" ->
          mercadoPago
              .findSeller(payment.terms().payerId())
              .orElseThrow(() -> refusal(409, "no seller paid this"));
      default -> throw refusal(400, "as is collector or payer");
    };
  }

  private static Notification notification(Request request, Notifications make, long paymentId)
      throws Refusal {
    String id = Long.toString(paymentId);
    return switch (request.query().getOrDefault("action", "updated")) {
      case "created" -> make.paymentCreated(id);
      case "updated" -> make.paymentUpdated(id);
      default -> throw refusal(400, "action is created or updated");
    };
  }

  Reply send(Request request) throws Refusal {
    URI url = address(request, "url");
    TriggerSample sample =
        TriggerSample.of(required(request, "sample"))
            .orElseThrow(
                () -> refusal(400, "sample is one of " + String.join(", ", TriggerSample.names())));
    Notifier notifier = notifiers.apply(accounts.seller(request), url);
    Notification notification = build(sample, notifier, request);
    return sent(notifier, notification, url);
  }

  private static Notification build(TriggerSample sample, Notifier notifier, Request request)
      throws Refusal {
    String payment = request.parameter("payment_id");
    Long paymentId = payment == null ? null : Long.valueOf(payment);
    try {
      return sample.build(notifier.notifications(), request.parameter("id"), paymentId);
    } catch (IllegalArgumentException e) {
      throw refusal(400, String.valueOf(e.getMessage()));
    }
  }
}

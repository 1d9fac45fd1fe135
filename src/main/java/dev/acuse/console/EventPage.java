package dev.acuse.console;

import dev.acuse.api.EffectsOf;
import dev.acuse.audit.AuditTrail;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.EventStatus;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Scope;
import dev.acuse.event.SignatureState;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventReader;
import dev.acuse.mercadopago.notification.NotificationBody;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import dev.acuse.text.Text;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event: what came, what was tried, and what may be done about it. */
@Path("/console/events/{id}")
public final class EventPage {

  /** In characters. A browser lays out a megabyte of text well, and a body is no longer. */
  private static final int MOST_SHOWN = 1024 * 1024;

  private final PageRenderer pages;
  private final EventReader events;
  private final PaymentReader payments;
  private final EffectsOf effects;
  private final AuditTrail audit;
  private final ExternalLinks links;

  EventPage(
      PageRenderer pages,
      EventReader events,
      PaymentReader payments,
      EffectsOf effects,
      AuditTrail audit,
      ExternalLinks links) {
    this.pages = pages;
    this.events = events;
    this.payments = payments;
    this.effects = effects;
    this.audit = audit;
    this.links = links;
  }

  /** The page. */
  @GET
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    long number = Parameter.id(id);
    Scope scope = Visitor.of(request).scope();
    WebhookEvent event = events.find(scope, number).orElseThrow(EventPage::unknown);
    ReceivedRequest received = events.request(scope, number).orElseThrow(EventPage::unknown);
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("e", event);
    model.put("attempts", events.attempts(scope, number));
    model.put("actions", audit.ofEvent(AuditPages.reader(request), number));
    model.put("can", can(event));
    model.put("effects", effects.of(scope, event));
    model.put("queryString", received.queryString());
    model.put("headers", received.headers());
    model.put("application", refusedApplication(event, received.body()));
    addPayload(model, received.body());
    addPayment(scope, model, event);
    return pages.ok(request, "event", model);
  }

  /** The application that a refused body names; null of any other event, or if it names none. */
  private static @Nullable String refusedApplication(WebhookEvent event, byte[] body) {
    boolean isRefused =
        event.status() == EventStatus.QUARANTINED && event.signature() == SignatureState.BAD;
    return isRefused ? NotificationBody.of(body).applicationId() : null;
  }

  private static Map<String, Boolean> can(WebhookEvent event) {
    return Map.of(
        "retry", event.status().mayBeRetried(),
        "ignore", event.status().mayBeIgnored(),
        "release", event.mayBeReleased() && event.resourceId() != null);
  }

  private static void addPayload(Map<String, @Nullable Object> model, byte[] body) {
    String raw = new String(body, StandardCharsets.UTF_8);
    model.put("size", body.length);
    model.put("raw", Text.cut(raw, MOST_SHOWN));
    model.put("cut", raw.length() > MOST_SHOWN);
    model.put("pretty", raw.length() > MOST_SHOWN ? null : PrettyJson.of(raw, MOST_SHOWN));
  }

  private void addPayment(Scope scope, Map<String, @Nullable Object> model, WebhookEvent event) {
    Long id = event.paymentId();
    Payment payment = id == null ? null : payments.payment(scope, id).orElse(null);
    if (payment != null) {
      model.put("payment", payment);
      model.put("paymentUrl", links.payment(payment.mpPaymentId()));
      model.put("contactUrl", links.contact(payments, scope, payment));
    }
  }

  /** The exact bytes received, to be saved and never shown: they are a stranger's. */
  @GET
  @Path("/payload")
  public Response payload(@Context ContainerRequestContext request, @PathParam("id") String id) {
    Scope scope = Visitor.of(request).scope();
    long number = Parameter.id(id);
    byte[] bytes = events.payload(scope, number).orElseThrow(EventPage::unknown);
    return Response.ok(bytes, MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .header(
            HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"webhook-" + number + ".json\"")
        .build();
  }

  static ProblemException unknown() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such event.");
  }
}

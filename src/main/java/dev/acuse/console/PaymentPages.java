package dev.acuse.console;

import dev.acuse.api.EffectsOf;
import dev.acuse.api.PaymentLinks;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.EventFilter;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventReader;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Payments, and each with its effects, its orders and disputes, and all its events. */
@Path("/console/payments")
public final class PaymentPages {
  private static final int MAX_TEXT = 200;
  private static final int MOST_EVENTS = 100;

  private final PageRenderer pages;
  private final EventReader events;
  private final PaymentReader payments;
  private final EffectsOf effects;
  private final PaymentLinks named;
  private final ExternalLinks links;

  PaymentPages(
      PageRenderer pages,
      EventReader events,
      PaymentReader payments,
      EffectsOf effects,
      PaymentLinks named,
      ExternalLinks links) {
    this.named = named;
    this.pages = pages;
    this.events = events;
    this.payments = payments;
    this.effects = effects;
    this.links = links;
  }

  /** Payments, newest first; a search finds MercadoPago's id, a reference or an address. */
  @GET
  public Response list(
      @Context ContainerRequestContext request,
      @QueryParam("q") @Nullable String q,
      @QueryParam("status") @Nullable String status,
      @QueryParam("flagged") @Nullable String flagged,
      @QueryParam("account") @Nullable String account,
      @QueryParam("cursor") @Nullable String cursor) {
    var fields = new Fields();
    fields.put("q", new Parameter("q", q).text(MAX_TEXT));
    fields.put("status", new Parameter("status", status).text(MAX_TEXT));
    boolean onlyFlagged = new Parameter("flagged", flagged).flag();
    fields.put("flagged", onlyFlagged ? "true" : null);
    Scope scope = pages.narrowed(request, account);
    fields.put("account", new Parameter("account", account).value());
    var position =
        new Cursor(
            "payments",
            Arrays.asList(
                fields.get("q"), fields.get("status"), onlyFlagged, fields.get("account")));
    Long before = position.read(new Parameter("cursor", cursor));
    var filter =
        new PaymentFilter(fields.get("status"), null, null, null, onlyFlagged ? true : null);
    String words = fields.get("q");
    List<Payment> read =
        words == null
            ? payments.payments(scope, filter, before, Listing.SIZE + 1)
            : found(scope, words, filter);
    var listing = Listing.of(read, Payment::id, position, fields.query());
    Map<String, @Nullable Object> model = listing.model("payments");
    model.put("values", fields.values());
    model.put("owners", owners(request, listing.rows()));
    return pages.ok(request, "payments", model);
  }

  /** What the words fit exactly; few enough for one page. */
  private List<Payment> found(Scope scope, String words, PaymentFilter filter) {
    Stream<Payment> byWords =
        payments.paymentIdsFor(scope, words).stream()
            .flatMap(id -> payments.payment(scope, id).stream());
    return Stream.concat(byMpId(scope, words), byWords)
        .distinct()
        .filter(payment -> filter.status() == null || filter.status().equals(payment.status()))
        .filter(
            payment ->
                filter.flagged() == null
                    || (payment.flag() != null && payment.acceptedAt() == null))
        .limit(Listing.SIZE)
        .toList();
  }

  /** One of each account that has it. */
  private Stream<Payment> byMpId(Scope scope, String words) {
    var filter = new PaymentFilter(null, null, words, null, null);
    return payments.payments(scope, filter, null, Listing.SIZE).stream();
  }

  private Owners owners(ContainerRequestContext request, List<Payment> shown) {
    return new Owners(
        pages.accountsOf(request),
        payments.accountsOf(Visitor.of(request).scope(), shown.stream().map(Payment::id).toList()));
  }

  /** One payment. */
  @GET
  @Path("/{id}")
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    Scope scope = Visitor.of(request).scope();
    Payment payment = payments.payment(scope, Parameter.id(id)).orElseThrow(PaymentPages::unknown);
    String contact = ExternalLinks.contactOf(payments, scope, payment);
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("p", payment);
    model.put("owners", owners(request, List.of(payment)));
    model.put("effects", effects.of(scope, payment));
    model.put("orders", named.orders(scope, payment));
    model.put("disputes", named.disputes(scope, payment));
    model.put(
        "untagged",
        payments.tags(scope, payment.id()).stream().anyMatch(tag -> tag.appliedAt() == null));
    model.put("acceptable", isAcceptable(scope, payment));
    model.put("contact", contact);
    model.put("contactUrl", links.contact(contact));
    model.put("paymentUrl", links.payment(payment.mpPaymentId()));
    model.put(
        "events",
        events.page(
            payments.scopeOf(scope, List.of(payment.id())),
            EventFilter.ALL.withMpPaymentId(payment.mpPaymentId()),
            null,
            MOST_EVENTS));
    return pages.ok(request, "payment", model);
  }

  /** What does not fit is accepted, and what is only a part of a checkout. */
  private boolean isAcceptable(Scope scope, Payment payment) {
    Long checkout = payment.checkoutId();
    if (payment.acceptedAt() != null || payment.flag() != null || checkout == null) {
      return payment.acceptedAt() == null && payment.flag() != null;
    }
    return payment.status().equals("approved")
        && payments
            .checkout(scope, checkout)
            .filter(known -> known.status().equals("partly_paid"))
            .isPresent();
  }

  static ProblemException unknown() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such payment.");
  }
}

package dev.acuse.console;

import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Checkout;
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
import org.jspecify.annotations.Nullable;

/** Checkouts, and each with its payments. */
@Path("/console/checkouts")
public final class CheckoutPages {
  private static final int MAX_TEXT = 256;
  private static final int MOST_PAYMENTS = 100;

  private final PageRenderer pages;
  private final PaymentReader payments;
  private final ExternalLinks links;

  CheckoutPages(PageRenderer pages, PaymentReader payments, ExternalLinks links) {
    this.pages = pages;
    this.payments = payments;
    this.links = links;
  }

  /** Checkouts, newest first. */
  @GET
  public Response list(
      @Context ContainerRequestContext request,
      @QueryParam("q") @Nullable String q,
      @QueryParam("account") @Nullable String account,
      @QueryParam("cursor") @Nullable String cursor) {
    var fields = new Fields();
    String reference = new Parameter("q", q).text(MAX_TEXT);
    fields.put("q", reference);
    Scope scope = pages.narrowed(request, account);
    fields.put("account", new Parameter("account", account).value());
    var position = new Cursor("checkouts", Arrays.asList(reference, fields.get("account")));
    Long before = position.read(new Parameter("cursor", cursor));
    var listing =
        Listing.of(
            payments.checkouts(scope, reference, before, Listing.SIZE + 1),
            Checkout::id,
            position,
            fields.query());
    Map<String, @Nullable Object> model = listing.model("checkouts");
    model.put("values", fields.values());
    model.put("owners", owners(request, listing.rows()));
    return pages.ok(request, "checkouts", model);
  }

  private Owners owners(ContainerRequestContext request, List<Checkout> shown) {
    return new Owners(
        pages.accountsOf(request),
        payments.accountsOfCheckouts(
            Visitor.of(request).scope(), shown.stream().map(Checkout::id).toList()));
  }

  /** One checkout. */
  @GET
  @Path("/{id}")
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    Scope scope = Visitor.of(request).scope();
    Checkout checkout =
        payments
            .checkout(scope, Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such checkout."));
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("c", checkout);
    model.put("owners", owners(request, List.of(checkout)));
    model.put("contactUrl", links.contact(checkout.contactId()));
    model.put("payments", payments.paymentsOf(scope, checkout.id(), MOST_PAYMENTS));
    return pages.ok(request, "checkout", model);
  }
}

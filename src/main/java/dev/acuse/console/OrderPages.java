package dev.acuse.console;

import dev.acuse.api.PaymentLinks;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.order.Order;
import dev.acuse.order.OrderFilter;
import dev.acuse.order.OrderReader;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Orders of MercadoPago's Orders API, and each with its payments. */
@Path("/console/orders")
public final class OrderPages {
  private static final int MAX_TEXT = 256;

  private final PageRenderer pages;
  private final OrderReader orders;
  private final PaymentLinks links;

  OrderPages(PageRenderer pages, OrderReader orders, PaymentLinks links) {
    this.pages = pages;
    this.orders = orders;
    this.links = links;
  }

  /** Orders, newest first; a search finds an order's id, a payment's, or a reference. */
  @GET
  public Response list(
      @Context ContainerRequestContext request,
      @QueryParam("q") @Nullable String q,
      @QueryParam("status") @Nullable String status,
      @QueryParam("account") @Nullable String account,
      @QueryParam("cursor") @Nullable String cursor) {
    var fields = new Fields();
    fields.put("q", new Parameter("q", q).text(MAX_TEXT));
    fields.put("status", new Parameter("status", status).text(MAX_TEXT));
    Scope scope = pages.narrowed(request, account);
    fields.put("account", new Parameter("account", account).value());
    var position =
        new Cursor(
            "orders", Arrays.asList(fields.get("q"), fields.get("status"), fields.get("account")));
    Long before = position.read(new Parameter("cursor", cursor));
    var listing =
        Listing.of(
            found(scope, fields.get("q"), fields.get("status"), before),
            Order::id,
            position,
            fields.query());
    Map<String, @Nullable Object> model = listing.model("orders");
    model.put("values", fields.values());
    return pages.ok(request, "orders", model);
  }

  /** As many as one page has, and one more if there is one. */
  private List<Order> found(
      Scope scope, @Nullable String words, @Nullable String status, @Nullable Long before) {
    int most = Listing.SIZE + 1;
    if (words == null) {
      return orders.page(scope, new OrderFilter(status, null, null, null), before, most);
    }
    return Stream.of(
            new OrderFilter(status, words, null, null),
            new OrderFilter(status, null, words, null),
            new OrderFilter(status, null, null, words))
        .flatMap(filter -> orders.page(scope, filter, before, most).stream())
        .distinct()
        .sorted(Comparator.comparingLong(Order::id).reversed())
        .limit(most)
        .toList();
  }

  /** One order. */
  @GET
  @Path("/{id}")
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    Scope scope = Visitor.of(request).scope();
    Order order =
        orders
            .find(scope, Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such order."));
    Map<String, @Nullable Object> model = new HashMap<>();
    model.put("o", order);
    model.put("payments", links.of(scope, order));
    return pages.ok(request, "order", model);
  }
}

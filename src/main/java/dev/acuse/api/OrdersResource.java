package dev.acuse.api;

import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.order.Order;
import dev.acuse.order.OrderFilter;
import dev.acuse.order.OrderReader;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Orders of MercadoPago's Orders API, as it last had them, for reading. */
@Path("/api/orders")
@Produces(MediaType.APPLICATION_JSON)
public final class OrdersResource {
  /** The query parameters of the list. */
  static final Set<String> LIST_PARAMETERS =
      Stream.concat(OrderQuery.NAMES.stream(), Stream.of("limit", "cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final OrderReader orders;
  private final PaymentLinks links;
  private final AccountNames accounts;

  /**
   * Shows these orders.
   *
   * @param links which payments are theirs
   */
  public OrdersResource(OrderReader orders, PaymentLinks links, AccountNames accounts) {
    this.orders = orders;
    this.links = links;
    this.accounts = accounts;
  }

  /** Orders, newest first. {@code payment_id} is MercadoPago's. */
  @GET
  public Page<OrderView> list(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, LIST_PARAMETERS);
    Scope scope = accounts.narrowed(caller.scope(), query.get(AccountNames.ACCOUNT));
    OrderFilter filter = OrderQuery.read(query);
    var page =
        PageRequest.of(
            OrderQuery.cursor(query), query.get("cursor").value(), query.get("limit").value());
    return Page.page(
        (before, limit) -> orders.page(scope, filter, before, limit),
        page,
        Order::id,
        order -> OrderView.of(order, accounts));
  }

  /** One order by our id, with its payments. */
  @GET
  @Path("/{id}")
  public OrderDetail get(@Auth ApiCaller caller, @PathParam("id") String id) {
    Order order =
        orders
            .find(caller.scope(), Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such order."));
    return new OrderDetail(OrderView.of(order, accounts), links.of(caller.scope(), order));
  }
}

package dev.acuse.api;

import dev.acuse.dispute.Dispute;
import dev.acuse.dispute.DisputeFilter;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is held against payments: chargebacks, claims and fraud alerts, for reading. */
@Path("/api/disputes")
@Produces(MediaType.APPLICATION_JSON)
public final class DisputesResource {
  /** The query parameters of the list. */
  static final Set<String> LIST_PARAMETERS =
      Stream.concat(DisputeQuery.NAMES.stream(), Stream.of("limit", "cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final DisputeReader disputes;
  private final PaymentLinks links;
  private final AccountNames accounts;

  /**
   * Shows these disputes.
   *
   * @param links which payments are theirs
   */
  public DisputesResource(DisputeReader disputes, PaymentLinks links, AccountNames accounts) {
    this.disputes = disputes;
    this.links = links;
    this.accounts = accounts;
  }

  /** Disputes, newest first. {@code payment_id} is MercadoPago's, {@code mp_id} the case's. */
  @GET
  public Page<DisputeView> list(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, LIST_PARAMETERS);
    Scope scope = accounts.narrowed(caller.scope(), query.get(AccountNames.ACCOUNT));
    DisputeFilter filter = DisputeQuery.read(query);
    var page =
        PageRequest.of(
            DisputeQuery.cursor(query), query.get("cursor").value(), query.get("limit").value());
    return Page.together(
        (before, limit) -> disputes.page(scope, filter, before, limit),
        page,
        Dispute::id,
        shown -> views(scope, shown));
  }

  /** One dispute by our id. */
  @GET
  @Path("/{id}")
  public DisputeView get(@Auth ApiCaller caller, @PathParam("id") String id) {
    return views(
            caller.scope(),
            List.of(
                disputes
                    .find(caller.scope(), Parameter.id(id))
                    .orElseThrow(
                        () ->
                            ProblemException.of(
                                ProblemCode.NOT_FOUND, "There is no such dispute."))))
        .get(0);
  }

  private List<DisputeView> views(Scope scope, List<Dispute> shown) {
    Map<Long, List<NamedPayment>> payments = links.of(scope, shown);
    return shown.stream()
        .map(
            dispute ->
                DisputeView.of(dispute, payments.getOrDefault(dispute.id(), List.of()), accounts))
        .toList();
  }
}

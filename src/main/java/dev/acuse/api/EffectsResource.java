package dev.acuse.api;

import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectReader;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.payment.PaymentReader;
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

/** What shall be so in another system because of payments, for reading. */
@Path("/api/effects")
@Produces(MediaType.APPLICATION_JSON)
public final class EffectsResource {
  /** The query parameters of the list. */
  static final Set<String> LIST_PARAMETERS =
      Stream.concat(EffectQuery.NAMES.stream(), Stream.of("limit", "cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final EffectReader effects;
  private final EffectQuery filters;
  private final AccountNames accounts;

  /** Shows these effects; a filter looks through these payments. */
  public EffectsResource(EffectReader effects, PaymentReader payments, AccountNames accounts) {
    this.effects = effects;
    this.accounts = accounts;
    this.filters = new EffectQuery(payments);
  }

  /** Effects, newest first. {@code payment_id} is MercadoPago's, {@code checkout_id} ours. */
  @GET
  public Page<EffectView> list(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, LIST_PARAMETERS);
    Scope scope = accounts.narrowed(caller.scope(), query.get(AccountNames.ACCOUNT));
    EffectFilter filter = filters.read(scope, query);
    var page =
        PageRequest.of(
            EffectQuery.cursor(query), query.get("cursor").value(), query.get("limit").value());
    return Page.page(
        (before, limit) -> effects.page(scope, filter, before, limit),
        page,
        seen -> seen.effect().id(),
        seen -> EffectView.of(seen, accounts));
  }

  /** One effect; its event tells what was tried. */
  @GET
  @Path("/{id}")
  public EffectView get(@Auth ApiCaller caller, @PathParam("id") String id) {
    return EffectView.of(
        effects.find(caller.scope(), Parameter.id(id)).orElseThrow(EffectsResource::unknown),
        accounts);
  }

  /** The problem of an id that no effect has. */
  static ProblemException unknown() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such effect.");
  }
}

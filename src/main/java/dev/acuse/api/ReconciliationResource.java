package dev.acuse.api;

import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Cursor;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import dev.acuse.mercadopago.reconciliation.ReconciliationWindow;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The comparisons with MercadoPago: what it had, what we had, what was made up for. */
@Path("/api/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
public final class ReconciliationResource {
  /** The query parameters of a request for a run. */
  static final Set<String> REQUEST_PARAMETERS = Set.of("from", "to", "dry_run");

  private final Reconciler reconciler;
  private final ReconciliationReader store;

  /** Shows the runs of this store; the reconciler carries out new ones. */
  public ReconciliationResource(Reconciler reconciler, ReconciliationReader store) {
    this.reconciler = reconciler;
    this.store = store;
  }

  /** Runs, newest first. */
  @GET
  public Page<ReconciliationView> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return Page.page(
        (before, size) -> store.page(Scope.everything(), before, size),
        PageRequest.of(new Cursor("reconciliation", List.of()), cursor, limit),
        ReconciliationRun::id,
        ReconciliationView::of);
  }

  /** One run. */
  @GET
  @Path("/{id}")
  public ReconciliationView get(@PathParam("id") String id) {
    return store
        .find(Scope.everything(), Parameter.id(id))
        .map(ReconciliationView::of)
        .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such run."));
  }

  /** Has a window compared as soon as possible; its run tells how it goes. */
  @POST
  public Response request(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, REQUEST_PARAMETERS);
    query.refuseOthers();
    ReconciliationRun run =
        request(query.get("from"), query.get("to"), query.get("dry_run").flag(), caller.name());
    return Response.accepted(ReconciliationView.of(run))
        .location(URI.create("/api/reconciliation/" + run.id()))
        .build();
  }

  private ReconciliationRun request(Parameter from, Parameter to, boolean dryRun, String by) {
    try {
      return reconciler.request(from.instant(), to.instant(), dryRun, by).run();
    } catch (ReconciliationWindow.InvalidException e) {
      throw from.invalid(String.valueOf(e.getMessage()));
    }
  }
}

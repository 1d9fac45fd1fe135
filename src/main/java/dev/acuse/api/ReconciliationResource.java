package dev.acuse.api;

import dev.acuse.account.Account;
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
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The comparisons with MercadoPago: what it had, what we had, what was made up for. */
@Path("/api/reconciliation")
@Produces(MediaType.APPLICATION_JSON)
public final class ReconciliationResource {
  /** The query parameters of a request for a run. */
  static final Set<String> REQUEST_PARAMETERS = Set.of("account", "from", "to", "dry_run");

  private final Reconciler reconciler;
  private final ReconciliationReader store;
  private final AccountNames accounts;

  /** Shows the runs of this store; the reconciler carries out new ones. */
  public ReconciliationResource(
      Reconciler reconciler, ReconciliationReader store, AccountNames accounts) {
    this.reconciler = reconciler;
    this.store = store;
    this.accounts = accounts;
  }

  /** Runs, newest first. */
  @GET
  public Page<ReconciliationView> list(
      @Auth ApiCaller caller,
      @QueryParam(AccountNames.ACCOUNT) @Nullable String account,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    var name = new Parameter(AccountNames.ACCOUNT, account);
    Scope seen = accounts.narrowed(caller.scope(), name);
    return Page.page(
        (before, size) -> store.page(seen, before, size),
        PageRequest.of(
            new Cursor("reconciliation", Collections.singletonList(name.value())), cursor, limit),
        ReconciliationRun::id,
        this::view);
  }

  /** One run. */
  @GET
  @Path("/{id}")
  public ReconciliationView get(@Auth ApiCaller caller, @PathParam("id") String id) {
    return store
        .find(caller.scope(), Parameter.id(id))
        .map(this::view)
        .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such run."));
  }

  /** Has a window compared as soon as possible; its run tells how it goes. */
  @POST
  public Response request(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, REQUEST_PARAMETERS);
    query.refuseOthers();
    ReconciliationRun run =
        request(
            caller,
            query.get(AccountNames.ACCOUNT),
            query.get("from"),
            query.get("to"),
            query.get("dry_run").flag());
    return Response.accepted(view(run))
        .location(URI.create("/api/reconciliation/" + run.id()))
        .build();
  }

  private ReconciliationRun request(
      ApiCaller caller, Parameter name, Parameter from, Parameter to, boolean dryRun) {
    Account account = accounts.toWrite(caller.scope(), name.value(), name::invalid);
    try {
      return reconciler
          .request(account.id(), from.instant(), to.instant(), dryRun, caller.name())
          .run();
    } catch (Reconciler.NotActiveException e) {
      throw name.invalid(String.valueOf(e.getMessage()));
    } catch (ReconciliationWindow.InvalidException e) {
      throw from.invalid(String.valueOf(e.getMessage()));
    }
  }

  private ReconciliationView view(ReconciliationRun run) {
    return ReconciliationView.of(run, accounts.ofOne(run.accountId()));
  }
}

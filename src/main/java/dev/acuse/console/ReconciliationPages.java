package dev.acuse.console;

import dev.acuse.account.Account;
import dev.acuse.account.Accounts;
import dev.acuse.api.AccountNames;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.mercadopago.reconciliation.Reconciler;
import dev.acuse.mercadopago.reconciliation.ReconciliationReader;
import dev.acuse.mercadopago.reconciliation.ReconciliationRun;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What MercadoPago had and we had, each time that it was asked; and asking it now. */
@Path("/console/reconciliation")
public final class ReconciliationPages {
  private final PageRenderer pages;
  private final Reconciler reconciler;
  private final Accounts accounts;
  private final ReconciliationReader store;
  private final AuditTrail audit;
  private final InstantSource clock;

  ReconciliationPages(
      PageRenderer pages,
      Reconciler reconciler,
      Accounts accounts,
      ReconciliationReader store,
      AuditTrail audit,
      InstantSource clock) {
    this.pages = pages;
    this.reconciler = reconciler;
    this.accounts = accounts;
    this.store = store;
    this.audit = audit;
    this.clock = clock;
  }

  /** How far an operator has it looked back. */
  enum Span {
    /** From where the next scheduled window would begin. */
    NEW(null),
    DAY(Duration.ofDays(1)),
    WEEK(Duration.ofDays(7)),
    MONTH(Duration.ofDays(30));

    private final @Nullable Duration back;

    Span(@Nullable Duration back) {
      this.back = back;
    }

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** All runs, newest first. */
  @GET
  public Response list(
      @Context ContainerRequestContext request,
      @QueryParam("account") @Nullable String account,
      @QueryParam("cursor") @Nullable String cursor) {
    var fields = new Fields();
    fields.put("account", new Parameter("account", account).value());
    Scope scope = pages.narrowed(request, account);
    var position = new Cursor("reconciliation", Collections.singletonList(fields.get("account")));
    Long before = position.read(new Parameter("cursor", cursor));
    var model =
        Listing.of(
                store.page(scope, before, Listing.SIZE + 1),
                ReconciliationRun::id,
                position,
                fields.query())
            .model("runs");
    model.put("values", fields.values());
    model.put("everything", Visitor.of(request).scope().isEverything());
    model.put("spans", Arrays.stream(Span.values()).map(Span::code).toList());
    model.put("unhealed", store.unhealed(scope));
    model.put("setAside", store.gaps(scope).size());
    return pages.ok(request, "reconciliation", model);
  }

  /** Has a window compared as soon as possible; its row tells how it goes. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response compare(
      @Context ContainerRequestContext request,
      @FormParam("account") @Nullable String account,
      @FormParam("span") @Nullable String span,
      @FormParam("dry_run") @Nullable String dryRun,
      @FormParam("reason") @Nullable String reason) {
    Span wanted = new Parameter("span", span).oneOf(Span.values(), Span::code);
    var name = new Parameter("account", account);
    Account whose =
        new AccountNames(accounts)
            .toWrite(Visitor.of(request).scope(), name.value(), name::invalid);
    Duration back = wanted == null ? null : wanted.back;
    OperatorRequest by = EventActions.request(request, "reconcile", reason);
    audit.record(
        whose.id(), by, null, "reconciliation " + (wanted == null ? Span.NEW : wanted).code());
    try {
      reconciler.request(
          whose.id(),
          back == null ? null : clock.instant().minus(back),
          null,
          dryRun != null,
          by.actor());
    } catch (Reconciler.NotActiveException e) {
      throw name.invalid(String.valueOf(e.getMessage()));
    }
    return Response.seeOther(URI.create("/console/reconciliation?done=reconcile")).build();
  }
}

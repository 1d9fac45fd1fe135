package dev.acuse.console;

import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.OperatorAction;
import dev.acuse.console.session.Visitor;
import dev.acuse.http.Cursor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people did, and how far what they began has got. */
@Path("/console/audit")
public final class AuditPages {
  private static final Cursor CURSOR = new Cursor("operator-actions", List.of());

  private final PageRenderer pages;
  private final AuditTrail audit;

  AuditPages(PageRenderer pages, AuditTrail audit) {
    this.pages = pages;
    this.audit = audit;
  }

  /** Who reads: what concerns the visitor's accounts, and what the visitor has done. */
  static AuditTrail.Reader reader(ContainerRequestContext request) {
    Visitor visitor = Visitor.of(request);
    return new AuditTrail.Reader(visitor.scope(), visitor.name());
  }

  /** All actions, newest first. */
  @GET
  public Response list(
      @Context ContainerRequestContext request, @QueryParam("cursor") @Nullable String cursor) {
    Long before = CURSOR.read(new Parameter("cursor", cursor));
    var listing =
        Listing.of(
            audit.page(reader(request), before, Listing.SIZE + 1), OperatorAction::id, CURSOR, "");
    return pages.ok(request, "audit", listing.model("actions"));
  }

  /** One action. */
  @GET
  @Path("/{id}")
  public Response show(@Context ContainerRequestContext request, @PathParam("id") String id) {
    OperatorAction action =
        audit
            .find(reader(request), Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such action."));
    return pages.ok(request, "action", Map.of("a", action));
  }
}

package dev.acuse.console;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.console.session.Visitor;
import dev.acuse.http.Parameter;
import dev.acuse.payment.Checkouts;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What an operator does to one payment. */
@Path("/console/payments")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class PaymentActions {
  private final Checkouts checkouts;
  private final InstantSource clock;

  PaymentActions(Checkouts checkouts, InstantSource clock) {
    this.checkouts = checkouts;
    this.clock = clock;
  }

  /** Has it looked up at MercadoPago. */
  @POST
  @Path("/{id}/look-up")
  public Response lookUp(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    return refresh(request, Parameter.id(id), "look-up", reason);
  }

  /** Has what is due tagged; the handler looks the payment up first, as always. */
  @POST
  @Path("/{id}/tag")
  public Response tag(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    return refresh(request, Parameter.id(id), "tag", reason);
  }

  private Response refresh(
      ContainerRequestContext request, long id, String action, @Nullable String reason) {
    OperatorRequest by = EventActions.request(request, action, reason);
    String occasion = "console:" + clock.instant().toEpochMilli();
    if (!checkouts.refresh(Visitor.of(request).scope(), id, occasion, by)) {
      throw PaymentPages.unknown();
    }
    return back(id, action);
  }

  /** Lets a flagged payment count. */
  @POST
  @Path("/{id}/accept")
  public Response accept(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    long number = Parameter.id(id);
    OperatorRequest by = EventActions.request(request, "accept", reason);
    return switch (checkouts.accept(Visitor.of(request).scope(), number, by).result()) {
      case UNKNOWN -> throw PaymentPages.unknown();
      case NOT_FLAGGED -> back(number, "not");
      case ACCEPTED, ALREADY_ACCEPTED -> back(number, "accept");
    };
  }

  private static Response back(long id, String done) {
    return Response.seeOther(URI.create("/console/payments/" + id + "?done=" + done)).build();
  }
}

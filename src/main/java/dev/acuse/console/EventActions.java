package dev.acuse.console;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.console.session.Visitor;
import dev.acuse.event.NewEvent;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.EventReader;
import dev.acuse.intake.WebhookSource;
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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator does to one event. Each is written to the audit with it. */
@Path("/console/events/{id}")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class EventActions {
  private static final Logger LOGGER = LoggerFactory.getLogger(EventActions.class);

  /** In characters; what the form's field takes. */
  private static final int MAX_REASON = 500;

  private final EventReader events;
  private final EventOperations operations;
  private final List<WebhookSource> sources;

  EventActions(EventReader events, EventOperations operations, List<WebhookSource> sources) {
    this.events = events;
    this.operations = operations;
    this.sources = List.copyOf(sources);
  }

  /** Makes it due at once. */
  @POST
  @Path("/retry")
  public Response retry(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    long number = Parameter.id(id);
    return back(
        number,
        operations.retry(Visitor.of(request).scope(), number, request(request, "retry", reason)),
        "retry");
  }

  /** Ends it as ignored. */
  @POST
  @Path("/ignore")
  public Response ignore(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    long number = Parameter.id(id);
    return back(
        number,
        operations.ignore(Visitor.of(request).scope(), number, request(request, "ignore", reason)),
        "ignore");
  }

  /** Believes a quarantined event, as far as the resource that it names. */
  @POST
  @Path("/release")
  public Response release(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("reason") @Nullable String reason) {
    long number = Parameter.id(id);
    Scope scope = Visitor.of(request).scope();
    WebhookEvent event = events.find(scope, number).orElseThrow(EventPage::unknown);
    ReceivedRequest received = events.request(scope, number).orElseThrow(EventPage::unknown);
    if (!event.mayBeReleased()) {
      return back(number, new EventOperations.Change(false, event), "release");
    }
    NewEvent genuine =
        sources.stream()
            .filter(source -> source.name().equals(event.source()))
            .findFirst()
            .flatMap(source -> source.asTrusted(received, event.subject().place()))
            .orElseThrow(
                () ->
                    ProblemException.of(
                        409, "not_releasable", "The request names no resource to be looked up."));
    EventOperations.Change released =
        operations.release(scope, number, genuine, request(request, "release", reason));
    return back(number, released, "release");
  }

  private Response back(long id, EventOperations.Change change, String action) {
    if (change.event() == null) {
      throw EventPage.unknown();
    }
    String done = change.done() ? action : "not";
    return Response.seeOther(URI.create("/console/events/" + id + "?done=" + done)).build();
  }

  /** Who does what and why; refuses a reason that is no text of one line. */
  static OperatorRequest request(
      ContainerRequestContext request, String action, @Nullable String reason) {
    String actor = Visitor.of(request).name();
    LOGGER.info("{} asks at the console to {}", actor, action);
    return new OperatorRequest(actor, action, new Parameter("reason", reason).text(MAX_REASON));
  }
}

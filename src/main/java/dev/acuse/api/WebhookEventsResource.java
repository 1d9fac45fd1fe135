package dev.acuse.api;

import dev.acuse.effect.EffectTally;
import dev.acuse.effect.Subject;
import dev.acuse.event.EventFilter;
import dev.acuse.event.ReceivedRequest;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.inbox.EventReader;
import dev.acuse.payment.PaymentReader;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The inbox, for reading. */
@Path("/api/webhook-events")
@Produces(MediaType.APPLICATION_JSON)
public final class WebhookEventsResource {
  /** The query parameters of the list. */
  static final Set<String> LIST_PARAMETERS =
      Stream.concat(EventQuery.NAMES.stream(), Stream.of("limit", "cursor"))
          .collect(Collectors.toUnmodifiableSet());

  private final EventReader events;
  private final EventQuery filters;
  private final EffectsOf effects;
  private final AccountNames accounts;

  /**
   * Shows the events of this store; a search looks through these payments as well.
   *
   * @param effects what followed from the events
   */
  public WebhookEventsResource(
      EventReader events, PaymentReader payments, EffectsOf effects, AccountNames accounts) {
    this.events = events;
    this.accounts = accounts;
    this.effects = effects;
    this.filters = new EventQuery(payments);
  }

  /** Events, newest first. */
  @GET
  public Page<WebhookEventRow> list(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, LIST_PARAMETERS);
    Parameter account = query.get(AccountNames.ACCOUNT);
    Scope scope = accounts.narrowed(caller.scope(), account);
    EventFilter filter = filters.read(scope, query);
    var page =
        PageRequest.of(
            EventQuery.cursor(filter, account.value()),
            query.get("cursor").value(),
            query.get("limit").value());
    return Page.together(
        (before, limit) -> events.page(scope, filter, before, limit),
        page,
        WebhookEvent::id,
        shown -> rows(scope, shown));
  }

  private List<WebhookEventRow> rows(Scope scope, List<WebhookEvent> shown) {
    Map<Long, EffectTally> tallies = effects.ofEvents(scope, shown);
    return shown.stream()
        .map(
            event ->
                new WebhookEventRow(
                    WebhookEventView.of(event, accounts),
                    tallies.getOrDefault(event.id(), EffectTally.NONE)))
        .toList();
  }

  /** One event, with the request that brought it and what was tried. */
  @GET
  @Path("/{id}")
  public WebhookEventDetail get(@Auth ApiCaller caller, @PathParam("id") String id) {
    Scope scope = caller.scope();
    long number = Parameter.id(id);
    WebhookEvent event = events.find(scope, number).orElseThrow(WebhookEventsResource::unknown);
    // Purged in the meantime: then there is no such event any more.
    ReceivedRequest request =
        events.request(scope, number).orElseThrow(WebhookEventsResource::unknown);
    Set<Subject> subjects = effects.subjects(scope, event);
    return WebhookEventDetail.of(
        WebhookEventView.of(event, accounts),
        request,
        events.attempts(scope, number),
        effects.of(scope, event).stream().map(seen -> EffectSummary.of(seen, subjects)).toList());
  }

  /**
   * The exact bytes received. They are a stranger's, so a browser must save them, never show them.
   */
  @GET
  @Path("/{id}/payload")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public Response payload(@Auth ApiCaller caller, @PathParam("id") String id) {
    long number = Parameter.id(id);
    byte[] bytes =
        events.payload(caller.scope(), number).orElseThrow(WebhookEventsResource::unknown);
    return Response.ok(bytes, MediaType.APPLICATION_OCTET_STREAM_TYPE)
        .header(
            HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"webhook-" + number + ".json\"")
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  /** The problem of an id that no event has. */
  static ProblemException unknown() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such event.");
  }
}

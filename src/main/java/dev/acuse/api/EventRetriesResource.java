package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.audit.AuditTrail;
import dev.acuse.audit.AuditTrail.Deed;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.inbox.EventDesk;
import dev.acuse.payment.PaymentReader;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries events again, one or many. */
@Path("/api/webhook-events")
@Produces(MediaType.APPLICATION_JSON)
public final class EventRetriesResource {
  /** The query parameters of the retry of many events. */
  static final Set<String> MANY_PARAMETERS =
      Stream.concat(EventQuery.NAMES.stream(), Stream.of("dry_run", "all"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Logger LOGGER = LoggerFactory.getLogger(EventRetriesResource.class);

  private final EventDesk desk;
  private final EventQuery filters;
  private final AuditTrail audit;
  private final Runnable wake;

  /**
   * @param payments where a search looks for references and e-mail addresses
   * @param audit where it is kept who asked for what
   * @param wake makes the dispatcher look for due events at once; never blocks
   */
  public EventRetriesResource(
      EventDesk desk, PaymentReader payments, AuditTrail audit, Runnable wake) {
    this.desk = desk;
    this.filters = new EventQuery(payments);
    this.audit = audit;
    this.wake = wake;
  }

  /** What a retry of many events came to. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Retried(boolean dryRun, long matched, long retried) {}

  /** Makes an event due at once, with all its attempts before it. */
  @POST
  @Path("/{id}/retry")
  public WebhookEventView retry(@Auth ApiCaller caller, @PathParam("id") String id) {
    EventDesk.Retry retry = desk.retry(Parameter.id(id), new Deed(caller.name(), "retry", null));
    WebhookEvent event = retry.event();
    if (event == null) {
      throw WebhookEventsResource.unknown();
    }
    if (!retry.retried()) {
      throw notRetryable(event.status());
    }
    wake.run();
    LOGGER.info("event {} is retried, asked for by {}", event.id(), caller.name());
    return WebhookEventView.of(event);
  }

  private static ProblemException notRetryable(EventStatus status) {
    // Whatever else it is by now, it was being processed when the retry came: only these two
    // statuses refuse one, and nothing leaves quarantine.
    EventStatus then =
        status == EventStatus.QUARANTINED ? EventStatus.QUARANTINED : EventStatus.PROCESSING;
    return ProblemException.of(
        409,
        "not_retryable",
        "The event is " + then.code() + "; only a pending or a finished event is retried.");
  }

  /**
   * Makes all finished events that match due at once; those that failed, if no status is named.
   * Refuses what it does not know: a typo in a filter must not retry more than was meant.
   */
  @POST
  @Path("/retry")
  public Retried retryMany(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, MANY_PARAMETERS);
    query.refuseOthers();
    boolean dryRun = query.get("dry_run").flag();
    boolean all = query.get("all").flag();
    EventFilter filter = filters.read(query);
    if (filter.equals(EventFilter.ALL) && !all) {
      throw query.get("all").invalid("must be true where no filter is given");
    }
    filter = ofFinished(query, filter);
    long matched = desk.count(filter);
    long retried = dryRun ? 0 : retryAll(caller, uri, filter, matched);
    if (retried > 0) {
      wake.run();
    }
    LOGGER.info(
        "{} of {} matching events are retried{}, asked for by {}",
        retried,
        matched,
        dryRun ? " (dry run)" : "",
        caller.name());
    return new Retried(dryRun, matched, retried);
  }

  private long retryAll(ApiCaller caller, UriInfo uri, EventFilter filter, long matched) {
    String query = Objects.toString(uri.getRequestUri().getRawQuery(), "");
    long action = audit.begin(new Deed(caller.name(), "retry-many", null), query, matched);
    long retried = desk.retryAll(filter);
    audit.finish(action, retried);
    return retried;
  }

  private static EventFilter ofFinished(QueryParameters query, EventFilter filter) {
    EventStatus status = filter.status();
    if (status == null) {
      return filter.withStatus(EventStatus.FAILED);
    }
    if (!EventDesk.FINISHED.contains(status)) {
      throw query.get("status").invalid("must be one of: failed, success, ignored");
    }
    return filter;
  }
}

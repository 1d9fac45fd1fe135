package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.audit.OperatorRequest;
import dev.acuse.event.EventFilter;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.inbox.EventOperations;
import dev.acuse.inbox.RetryPlan;
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

  private final EventOperations operations;
  private final EventQuery filters;
  private final AccountNames accounts;

  /**
   * @param payments where a search looks for references and e-mail addresses
   */
  public EventRetriesResource(
      EventOperations operations, PaymentReader payments, AccountNames accounts) {
    this.operations = operations;
    this.accounts = accounts;
    this.filters = new EventQuery(payments);
  }

  /** What a retry of many events came to. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Retried(boolean dryRun, long matched, long retried) {}

  /** Makes an event due at once, with all its attempts before it. */
  @POST
  @Path("/{id}/retry")
  public WebhookEventView retry(@Auth ApiCaller caller, @PathParam("id") String id) {
    EventOperations.Change change =
        operations.retry(
            caller.scope(), Parameter.id(id), new OperatorRequest(caller.name(), "retry", null));
    WebhookEvent event = change.event();
    if (event == null) {
      throw WebhookEventsResource.unknown();
    }
    if (!change.done()) {
      throw notRetryable(event.status());
    }
    LOGGER.info("event {} is retried, asked for by {}", event.id(), caller.name());
    return WebhookEventView.of(event, accounts);
  }

  private static ProblemException notRetryable(EventStatus status) {
    // If its status allows a retry by now, the event was being processed when the retry came.
    EventStatus then = status.mayBeRetried() ? EventStatus.PROCESSING : status;
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
    Scope scope = accounts.narrowed(caller.scope(), query.get(AccountNames.ACCOUNT));
    EventFilter filter = filters.read(scope, query);
    // An account alone is no filter, because all events are of one.
    if (filter.equals(EventFilter.ALL) && !all) {
      throw query.get("all").invalid("must be true where no filter is given");
    }
    filter = ofFinished(query, filter);
    Retried answer =
        dryRun
            ? new Retried(true, operations.count(scope, filter), 0)
            : retryAll(caller, scope, uri, filter);
    LOGGER.info(
        "{} of {} matching events are retried{}, asked for by {}",
        answer.retried(),
        answer.matched(),
        dryRun ? " (dry run)" : "",
        caller.name());
    return answer;
  }

  private Retried retryAll(ApiCaller caller, Scope scope, UriInfo uri, EventFilter filter) {
    String query = Objects.toString(uri.getRequestUri().getRawQuery(), "");
    RetryPlan plan =
        operations.planRetry(
            scope, filter, new OperatorRequest(caller.name(), "retry-many", null), query);
    return new Retried(false, plan.matched(), plan.run());
  }

  private static EventFilter ofFinished(QueryParameters query, EventFilter filter) {
    EventStatus status = filter.status();
    if (status == null) {
      return filter.withStatus(EventStatus.FAILED);
    }
    if (!status.isFinished()) {
      throw query.get("status").invalid("must be one of: failed, success, ignored");
    }
    return filter;
  }
}

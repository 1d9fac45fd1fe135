package dev.acuse.api;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Wanted;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
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

/** Has effects worked off once more, one or many. */
@Path("/api/effects")
@Produces(MediaType.APPLICATION_JSON)
public final class EffectRetriesResource {
  /** The query parameters of the retry of many effects. */
  static final Set<String> MANY_PARAMETERS =
      Stream.concat(EffectQuery.NAMES.stream(), Stream.of("dry_run", "all"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Logger LOGGER = LoggerFactory.getLogger(EffectRetriesResource.class);

  private final EffectReader effects;
  private final EffectOperations operations;
  private final EffectQuery filters;
  private final AccountNames accounts;

  /**
   * @param payments where a filter looks for payments
   */
  public EffectRetriesResource(
      EffectReader effects,
      EffectOperations operations,
      PaymentReader payments,
      AccountNames accounts) {
    this.effects = effects;
    this.accounts = accounts;
    this.operations = operations;
    this.filters = new EffectQuery(payments);
  }

  /** Makes the event of an effect due at once, with all its attempts before it. */
  @POST
  @Path("/{id}/retry")
  public EffectView retry(@Auth ApiCaller caller, @PathParam("id") String id) {
    long number = Parameter.id(id);
    var by = new OperatorRequest(caller.name(), "retry", null);
    EffectOperations.Retry retry = operations.retry(caller.scope(), number, by);
    switch (retry.result()) {
      case UNKNOWN -> throw EffectsResource.unknown();
      case NOT_RETRYABLE -> throw notRetryable(retry);
      case ARMED -> LOGGER.info("effect {} is retried, asked for by {}", number, caller.name());
    }
    return EffectView.of(
        effects.find(caller.scope(), number).orElseThrow(EffectsResource::unknown), accounts);
  }

  private static ProblemException notRetryable(EffectOperations.Retry retry) {
    boolean isWanted = retry.wanted() == Wanted.PRESENT;
    EffectState state = retry.state();
    return ProblemException.of(
        409,
        "not_retryable",
        isWanted
            ? "The effect is "
                + (state == null ? EffectState.UNKNOWN : state).code()
                + "; only one that is done, failed or given up is retried."
            : "Nothing wants the effect any more.");
  }

  /**
   * Makes all effects that match due at once, but for those that nothing wants any more; those that
   * failed, if no state is named. Refuses what it does not know: a typo in a filter must not retry
   * more than was meant.
   */
  @POST
  @Path("/retry")
  public EventRetriesResource.Retried retryMany(@Auth ApiCaller caller, @Context UriInfo uri) {
    var query = new QueryParameters(uri, MANY_PARAMETERS);
    query.refuseOthers();
    boolean dryRun = query.get("dry_run").flag();
    boolean all = query.get("all").flag();
    Scope scope = accounts.narrowed(caller.scope(), query.get(AccountNames.ACCOUNT));
    EffectFilter filter = filters.read(scope, query);
    // An account alone is no filter, because all effects are of one.
    if (filter.equals(EffectFilter.ALL) && !all) {
      throw query.get("all").invalid("must be true where no filter is given");
    }
    filter = ofRetryable(query, filter);
    EventRetriesResource.Retried answer =
        dryRun
            ? new EventRetriesResource.Retried(true, effects.count(scope, filter), 0)
            : retryAll(caller, scope, uri, filter);
    LOGGER.info(
        "{} of {} matching effects are retried{}, asked for by {}",
        answer.retried(),
        answer.matched(),
        dryRun ? " (dry run)" : "",
        caller.name());
    return answer;
  }

  private EventRetriesResource.Retried retryAll(
      ApiCaller caller, Scope scope, UriInfo uri, EffectFilter filter) {
    String query = "effects?" + Objects.toString(uri.getRequestUri().getRawQuery(), "");
    RetryPlan plan =
        operations.planRetry(
            scope, filter, query, new OperatorRequest(caller.name(), "retry-many", null));
    return new EventRetriesResource.Retried(false, plan.matched(), plan.run());
  }

  private static EffectFilter ofRetryable(QueryParameters query, EffectFilter filter) {
    EffectState state = filter.state();
    if (state == null) {
      return filter.withState(EffectState.FAILED);
    }
    if (!state.mayBeRetried()) {
      throw query.get("state").invalid("must be one of: failed, given_up, done");
    }
    return filter;
  }
}

package dev.acuse.console;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.console.session.Secrets;
import dev.acuse.console.session.Visitor;
import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectOperations;
import dev.acuse.effect.EffectReader;
import dev.acuse.effect.EffectState;
import dev.acuse.inbox.RetryPlan;
import dev.acuse.payment.PaymentReader;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * Retries the effects of a list: first what that would come to, then the deed, with its reason. Of
 * a list that names no state which may be retried, those that failed are meant.
 */
@Path("/console/effects/bulk")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class EffectBulkPages {
  private final PageRenderer pages;
  private final EffectReader effects;
  private final EffectOperations operations;
  private final PaymentReader payments;
  private final BulkJobs jobs;

  EffectBulkPages(
      PageRenderer pages,
      EffectReader effects,
      EffectOperations operations,
      PaymentReader payments,
      BulkJobs jobs) {
    this.pages = pages;
    this.effects = effects;
    this.operations = operations;
    this.payments = payments;
    this.jobs = jobs;
  }

  /** What would be retried, and what not. */
  @POST
  @Path("/preview")
  public Response preview(
      @Context ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    EffectFilterForm form = form(request, sent);
    EffectFilter filter = meant(form.filter());
    Map<String, Object> model = new HashMap<>();
    model.put("query", form.query());
    model.put("matched", effects.count(form.scope(), filter));
    model.put("able", effects.countWanted(form.scope(), filter));
    model.put("once", Secrets.newToken());
    return pages.ok(request, "effect-bulk", model);
  }

  /** Begins, and leads to where its progress is seen. */
  @POST
  public Response begin(
      @Context ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    BulkForm bulk = BulkForm.of(sent);
    EffectFilterForm form = form(request, sent);
    OperatorRequest by = EventActions.request(request, "retry-many", bulk.reason());
    long action = jobs.begin(by.actor() + ":" + bulk.once(), () -> job(form, by));
    return Response.seeOther(URI.create("/console/audit/" + action)).build();
  }

  private BulkJobs.Job job(EffectFilterForm form, OperatorRequest by) {
    EffectFilter filter = meant(form.filter());
    EffectState state = filter.state();
    RetryPlan plan =
        operations.planRetry(
            form.scope(),
            filter,
            "effects" + form.queryWithState(state == null ? null : state.code()),
            by);
    return new BulkJobs.Job(plan.action(), plan::run);
  }

  private EffectFilterForm form(
      ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    return new EffectFilterForm(
        BulkForm.query(sent.getFirst("query")),
        payments,
        pages.names(),
        Visitor.of(request).scope());
  }

  private static EffectFilter meant(EffectFilter filter) {
    EffectState state = filter.state();
    return state != null && state.mayBeRetried() ? filter : filter.withState(EffectState.FAILED);
  }
}

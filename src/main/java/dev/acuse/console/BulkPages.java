package dev.acuse.console;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.console.BulkRetry.Preview;
import dev.acuse.console.session.Secrets;
import dev.acuse.console.session.Visitor;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemException;
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
import java.util.List;
import java.util.Map;

/** Retries many events: first what that would come to, then the deed, with its reason. */
@Path("/console/bulk")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class BulkPages {
  private static final int MOST_SELECTED = 1000;
  private static final String ALL = "all";

  private final PageRenderer pages;
  private final PaymentReader payments;
  private final BulkRetry bulk;

  BulkPages(PageRenderer pages, PaymentReader payments, BulkRetry bulk) {
    this.pages = pages;
    this.payments = payments;
    this.bulk = bulk;
  }

  private record Selection(boolean all, List<Long> ids, String query, EventFilterForm form) {}

  /** What would be retried, and what not. */
  @POST
  @Path("/preview")
  public Response preview(
      @Context ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    Selection selection = selection(request, sent);
    Preview preview =
        selection.all()
            ? bulk.preview(selection.form().scope(), selection.form().filter())
            : bulk.preview(selection.form().scope(), selection.ids());
    Map<String, Object> model = new HashMap<>();
    model.put("scope", selection.all() ? ALL : "selected");
    model.put("ids", selection.ids());
    model.put("query", selection.query());
    model.put("counts", preview.counts());
    model.put("matched", preview.matched());
    model.put("able", preview.able());
    model.put("once", Secrets.newToken());
    return pages.ok(request, "bulk", model);
  }

  /** Begins, and leads to where its progress is seen. */
  @POST
  public Response begin(
      @Context ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    BulkForm sentForm = BulkForm.of(sent);
    String once = sentForm.once();
    Selection selection = selection(request, sent);
    OperatorRequest by = EventActions.request(request, "retry-many", sentForm.reason());
    long action =
        selection.all()
            ? bulk.begin(
                once, by, selection.form().scope(), selection.form().filter(), selection.query())
            : bulk.begin(once, by, selection.form().scope(), selection.ids());
    return Response.seeOther(URI.create("/console/audit/" + action)).build();
  }

  private Selection selection(
      ContainerRequestContext request, MultivaluedMap<String, String> sent) {
    boolean all = ALL.equals(sent.getFirst("scope"));
    List<String> ids = all ? List.of() : sent.getOrDefault("id", List.of());
    if (ids.size() > MOST_SELECTED) {
      throw ProblemException.invalidParameter("id", "may be given " + MOST_SELECTED + " times");
    }
    var form =
        new EventFilterForm(
            BulkForm.query(sent.getFirst("query")),
            payments,
            pages.names(),
            Visitor.of(request).scope());
    return new Selection(all, ids.stream().map(Parameter::id).toList(), form.query(), form);
  }
}

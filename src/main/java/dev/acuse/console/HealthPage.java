package dev.acuse.console;

import dev.acuse.console.session.Visitor;
import dev.acuse.event.Scope;
import dev.acuse.http.Parameter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers whether everything is all right. */
@Path("/console/health")
public final class HealthPage {
  private final PageRenderer pages;
  private final ServiceHealth verdict;
  private final History history;

  HealthPage(PageRenderer pages, ServiceHealth verdict, History history) {
    this.pages = pages;
    this.verdict = verdict;
    this.history = history;
  }

  /** The page, with the chart of an hour, a day or a week. */
  @GET
  public Response show(
      @Context ContainerRequestContext request, @QueryParam("period") @Nullable String period) {
    var wanted =
        new Parameter("period", period).oneOf(History.Period.values(), History.Period::code);
    Scope scope = Visitor.of(request).scope();
    Map<String, @Nullable Object> model = verdict.model(scope);
    model.put("chart", history.chart(scope, wanted == null ? History.Period.DAY : wanted));
    model.put("periods", Arrays.stream(History.Period.values()).map(History.Period::code).toList());
    return pages.ok(request, "health", model);
  }
}

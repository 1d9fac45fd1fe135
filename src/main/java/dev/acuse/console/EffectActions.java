package dev.acuse.console;

import dev.acuse.console.session.Visitor;
import dev.acuse.effect.EffectOperations;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator does to one effect. */
@Path("/console/effects/{id}")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public final class EffectActions {
  /** A page that shows effects beside its own. */
  private static final Pattern PAGE = Pattern.compile("(payments|events)/[0-9]{1,19}");

  private final EffectOperations operations;

  EffectActions(EffectOperations operations) {
    this.operations = operations;
  }

  /**
   * Has it worked off once more.
   *
   * @param from the page that the form stands on, below {@code /console}; the list if it is none of
   *     those that show effects
   */
  @POST
  @Path("/retry")
  public Response retry(
      @Context ContainerRequestContext request,
      @PathParam("id") String id,
      @FormParam("from") @Nullable String from,
      @FormParam("reason") @Nullable String reason) {
    EffectOperations.Retry retry =
        operations.retry(
            Visitor.of(request).scope(),
            Parameter.id(id),
            EventActions.request(request, "retry", reason));
    String done =
        switch (retry.result()) {
          case UNKNOWN ->
              throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such effect.");
          case NOT_RETRYABLE -> "not-effect";
          case ARMED -> "retry-effect";
        };
    String page = from != null && PAGE.matcher(from).matches() ? from : "effects";
    return Response.seeOther(URI.create("/console/" + page + "?done=" + done)).build();
  }
}

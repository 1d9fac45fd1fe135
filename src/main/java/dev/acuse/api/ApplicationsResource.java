package dev.acuse.api;

import dev.acuse.account.Application;
import dev.acuse.desk.AccountDesk;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Cursor;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applications at MercadoPago, which sign the webhooks of accounts: for admins of all accounts. No
 * answer holds more of a secret than its last four characters.
 */
@Path("/api/applications")
@Produces(MediaType.APPLICATION_JSON)
@AdminOnly
@WholeInstallation
public final class ApplicationsResource {
  private static final String ACTIVE = "active";
  private static final String REMOVED = "removed";

  private final AccountDesk desk;

  /** Shows and changes the applications of this desk. */
  public ApplicationsResource(AccountDesk desk) {
    this.desk = desk;
  }

  /** Applications, newest first; the removed only if they are asked for. */
  @GET
  public Page<ApplicationView> list(
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String asked =
        new Parameter("state", state).oneOf(new String[] {ACTIVE, REMOVED}, word -> word);
    String wanted = Objects.requireNonNullElse(asked, ACTIVE);
    List<Application> all = desk.applications(wanted.equals(REMOVED));
    return Page.page(
        (before, size) ->
            all.stream()
                .filter(application -> before == null || application.id() < before)
                .limit(size)
                .toList(),
        PageRequest.of(new Cursor("applications", List.of(wanted)), cursor, limit),
        Application::id,
        this::view);
  }

  /** Makes an application. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response add(@Auth ApiCaller caller, @Nullable ApplicationBody body) {
    ApplicationBody asked = AccessProblems.body(body);
    Application added = desk.addApplication(asked.name().value(), asked.change(), caller.grantor());
    return Response.created(URI.create("/api/applications/" + added.name()))
        .entity(view(added))
        .build();
  }

  /** One application, removed or not. */
  @GET
  @Path("/{name}")
  public ApplicationView get(@PathParam("name") String name) {
    return view(desk.findApplication(name));
  }

  /** Changes what the body has, all of it or nothing. */
  @PATCH
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  public ApplicationView change(
      @Auth ApiCaller caller, @PathParam("name") String name, @Nullable ApplicationBody body) {
    ApplicationBody asked = AccessProblems.body(body);
    if (asked.name().isGiven()) {
      throw ProblemException.of(
          ProblemCode.INVALID_BODY, "The field 'name' is refused: a name never changes.");
    }
    return view(desk.changeApplication(name, asked.change(), caller.grantor()));
  }

  /** Removes an application that no connected account has. */
  @DELETE
  @Path("/{name}")
  public ApplicationView remove(@Auth ApiCaller caller, @PathParam("name") String name) {
    return view(desk.removeApplication(name, caller.grantor()));
  }

  private ApplicationView view(Application application) {
    return ApplicationView.of(application, desk.isSetByEnvironment(application));
  }
}

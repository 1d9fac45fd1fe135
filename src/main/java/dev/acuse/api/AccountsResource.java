package dev.acuse.api;

import dev.acuse.account.Account;
import dev.acuse.account.AccountChange;
import dev.acuse.account.AccountState;
import dev.acuse.desk.AccountDesk;
import dev.acuse.desk.CredentialCheck;
import dev.acuse.desk.Credentials;
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
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Accounts. No answer holds more of a secret than its last four characters. */
@Path("/api/accounts")
@Produces(MediaType.APPLICATION_JSON)
public final class AccountsResource {
  private final AccountDesk desk;
  private final CredentialCheck check;

  /**
   * @param check tells what the credentials of an account can do
   */
  public AccountsResource(AccountDesk desk, CredentialCheck check) {
    this.desk = desk;
    this.check = check;
  }

  /** The caller's accounts, newest first; the disconnected only if they are asked for. */
  @GET
  public Page<AccountView> list(
      @Auth ApiCaller caller,
      @QueryParam("state") @Nullable String state,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    AccountState wanted =
        new Parameter("state", state).oneOf(AccountState.values(), AccountState::code);
    List<Account> all = desk.list(caller.scope(), wanted);
    return Page.page(
        (before, size) ->
            all.stream()
                .filter(account -> before == null || account.id() < before)
                .limit(size)
                .toList(),
        PageRequest.of(new Cursor("accounts", Collections.singletonList(wanted)), cursor, limit),
        Account::id,
        this::view);
  }

  /** Makes an account, whose webhooks are taken from now on. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @AdminOnly
  @WholeInstallation
  public Response add(@Auth ApiCaller caller, @Nullable AccountBody body) {
    AccountBody asked = AccessProblems.body(body);
    Account added = desk.add(asked.name().value(), asked.input(), caller.grantor());
    return Response.created(URI.create("/api/accounts/" + added.name()))
        .entity(view(added))
        .build();
  }

  /** One account, disconnected or not. */
  @GET
  @Path("/{name}")
  public AccountView get(@Auth ApiCaller caller, @PathParam("name") String name) {
    return view(desk.find(name, caller.scope()));
  }

  /** Changes what the body has, all of it or nothing. */
  @PATCH
  @Path("/{name}")
  @Consumes(MediaType.APPLICATION_JSON)
  @AdminOnly
  public AccountView change(
      @Auth ApiCaller caller, @PathParam("name") String name, @Nullable AccountBody body) {
    AccountBody asked = AccessProblems.body(body);
    if (asked.name().isGiven()) {
      throw ProblemException.of(
          ProblemCode.INVALID_BODY, "The field 'name' is refused: a name never changes.");
    }
    return view(desk.change(name, asked.input(), caller.grantor()));
  }

  /** Disconnects an account for good; lists leave it out from now on. */
  @DELETE
  @Path("/{name}")
  @AdminOnly
  public AccountView remove(@Auth ApiCaller caller, @PathParam("name") String name) {
    return view(desk.remove(name, caller.grantor()));
  }

  /** Tells what the account's credentials can do, or those of the body in their place. */
  @POST
  @Path("/{name}/test")
  @Consumes(MediaType.APPLICATION_JSON)
  @AdminOnly
  public AccountTestView test(
      @Auth ApiCaller caller, @PathParam("name") String name, @Nullable CandidatesBody body) {
    Account account = desk.find(name, caller.scope());
    AccountChange candidates = body == null ? AccountChange.NONE : body.candidates();
    return AccountTestView.of(account.name(), check.look(Credentials.of(account).with(candidates)));
  }

  private AccountView view(Account account) {
    return AccountView.of(account, desk.applicationOf(account));
  }
}

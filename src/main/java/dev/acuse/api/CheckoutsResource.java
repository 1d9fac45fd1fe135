package dev.acuse.api;

import dev.acuse.account.Account;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Cursor;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.InvalidCheckoutException;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.Registration;
import dev.acuse.payment.state.Checkout;
import dev.acuse.remote.RemoteException;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checkouts: what a merchant wants to be paid. */
@Path("/api/checkouts")
@Produces(MediaType.APPLICATION_JSON)
public final class CheckoutsResource {
  private static final int MAX_TEXT = 256;

  private static final Logger LOGGER = LoggerFactory.getLogger(CheckoutsResource.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final PaymentReader payments;
  private final Checkouts checkouts;
  private final AccountNames accounts;

  /** Shows the checkouts of this reader; {@code checkouts} registers new ones. */
  public CheckoutsResource(PaymentReader payments, Checkouts checkouts, AccountNames accounts) {
    this.accounts = accounts;
    this.payments = payments;
    this.checkouts = checkouts;
  }

  /**
   * Registers a checkout and creates its payment page. The same request again gives the same
   * checkout, with 200 instead of 201.
   */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response register(@Auth ApiCaller caller, @Nullable NewCheckout body) {
    if (body == null) {
      throw ProblemException.of(ProblemCode.INVALID_BODY, "The body is missing.");
    }
    Account account = account(caller, body.account());
    Registration registration = register(account.id(), body.toRequest());
    CheckoutView view = CheckoutView.of(registration.checkout(), account.name());
    return switch (registration.result()) {
      case CREATED ->
          Response.created(URI.create("/api/checkouts/" + view.id())).entity(view).build();
      case EXISTING -> Response.ok(view).build();
      case CONFLICT ->
          throw ProblemException.of(
              409,
              "checkout_exists",
              "Another checkout, with other content, has this external_reference.");
    };
  }

  private Account account(ApiCaller caller, @Nullable String name) {
    return accounts.toWrite(
        caller.scope(),
        name,
        what -> ProblemException.of(ProblemCode.INVALID_BODY, "The field 'account' " + what + "."));
  }

  private Registration register(long accountId, CheckoutRequest request) {
    try {
      return checkouts.register(accountId, request);
    } catch (InvalidCheckoutException e) {
      throw ProblemException.of(ProblemCode.INVALID_BODY, e.getMessage() + ".").causedBy(e);
    } catch (RemoteException.Rejected e) {
      LOGGER.warn("MercadoPago refused a preference: {}", e.getMessage());
      throw ProblemException.of(
          502, "preference_refused", "MercadoPago refused the preference: " + e.getMessage());
    } catch (RemoteException.Unauthorized | RemoteException.NotSetUp e) {
      LOGGER.error("no preference can be created until this is mended: {}", e.getMessage());
      throw ProblemException.of(
              ProblemCode.UNAVAILABLE,
              "MercadoPago refuses us, or has no token of ours yet; nothing was registered.")
          .retryAfter(RETRY_AFTER);
    } catch (RemoteException e) {
      LOGGER.warn("no preference could be created: {}", e.getMessage());
      throw ProblemException.of(
              ProblemCode.UNAVAILABLE, "MercadoPago does not answer; nothing was registered.")
          .retryAfter(RETRY_AFTER);
    }
  }

  /** Checkouts, newest first. */
  @GET
  public Page<CheckoutView> list(
      @Auth ApiCaller caller,
      @QueryParam("external_reference") @Nullable String externalReference,
      @QueryParam(AccountNames.ACCOUNT) @Nullable String account,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String reference = new Parameter("external_reference", externalReference).text(MAX_TEXT);
    var named = new Parameter(AccountNames.ACCOUNT, account);
    Scope scope = accounts.narrowed(caller.scope(), named);
    return Page.together(
        (before, size) -> payments.checkouts(scope, reference, before, size),
        PageRequest.of(
            new Cursor("checkouts", Arrays.asList(reference, named.value())), cursor, limit),
        Checkout::id,
        shown -> views(scope, shown));
  }

  private List<CheckoutView> views(Scope scope, List<Checkout> shown) {
    Map<Long, Long> owners =
        payments.accountsOfCheckouts(scope, shown.stream().map(Checkout::id).toList());
    return shown.stream()
        .map(
            checkout ->
                CheckoutView.of(
                    checkout,
                    accounts.ofOne(owners.getOrDefault(checkout.id(), Place.MAIN_ACCOUNT))))
        .toList();
  }

  /** One checkout by our id. */
  @GET
  @Path("/{id}")
  public CheckoutView get(@Auth ApiCaller caller, @PathParam("id") String id) {
    return payments
        .checkout(caller.scope(), Parameter.id(id))
        .map(checkout -> views(caller.scope(), List.of(checkout)).get(0))
        .orElseThrow(
            () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such checkout."));
  }
}

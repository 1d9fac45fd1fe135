package dev.acuse.api;

import dev.acuse.audit.OperatorRequest;
import dev.acuse.effect.EffectTally;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.http.ApiCaller;
import dev.acuse.http.Cursor;
import dev.acuse.http.Page;
import dev.acuse.http.PageRequest;
import dev.acuse.http.Parameter;
import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import dev.acuse.payment.Acceptance;
import dev.acuse.payment.Checkouts;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import io.dropwizard.auth.Auth;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Payments, as MercadoPago last had them. */
@Path("/api/payments")
@Produces(MediaType.APPLICATION_JSON)
public final class PaymentsResource {
  private static final int MAX_TEXT = 256;

  private final PaymentReader payments;
  private final Checkouts checkouts;
  private final EffectsOf effects;
  private final PaymentLinks links;
  private final AccountNames accounts;

  /**
   * Shows the payments of this store; the checkouts accepts those that were flagged.
   *
   * @param effects what followed from the payments
   * @param links the orders and disputes that name them
   */
  public PaymentsResource(
      PaymentReader payments,
      Checkouts checkouts,
      EffectsOf effects,
      PaymentLinks links,
      AccountNames accounts) {
    this.links = links;
    this.accounts = accounts;
    this.payments = payments;
    this.effects = effects;
    this.checkouts = checkouts;
  }

  /** Payments, newest first. {@code payment_id} is MercadoPago's. */
  @GET
  public Page<PaymentRow> list(
      @Auth ApiCaller caller,
      @QueryParam("status") @Nullable String status,
      @QueryParam("external_reference") @Nullable String externalReference,
      @QueryParam("payment_id") @Nullable String mpPaymentId,
      @QueryParam("linked") @Nullable String linked,
      @QueryParam("flagged") @Nullable String flagged,
      @QueryParam(AccountNames.ACCOUNT) @Nullable String account,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    var named = new Parameter(AccountNames.ACCOUNT, account);
    Scope scope = accounts.narrowed(caller.scope(), named);
    var filter =
        new PaymentFilter(
            new Parameter("status", status).text(MAX_TEXT),
            new Parameter("external_reference", externalReference).text(MAX_TEXT),
            new Parameter("payment_id", mpPaymentId).text(MAX_TEXT),
            flag("linked", linked),
            flag("flagged", flagged));
    return Page.together(
        (before, size) -> payments.payments(scope, filter, before, size),
        PageRequest.of(cursor(filter, named.value()), cursor, limit),
        Payment::id,
        shown -> rows(scope, shown));
  }

  private List<PaymentRow> rows(Scope scope, List<Payment> shown) {
    Map<Long, Long> owners = payments.accountsOf(scope, shown.stream().map(Payment::id).toList());
    Map<Long, EffectTally> tallies = effects.ofPayments(scope, shown);
    return shown.stream()
        .map(
            payment ->
                new PaymentRow(
                    PaymentView.of(
                        payment,
                        accounts.ofOne(owners.getOrDefault(payment.id(), Place.MAIN_ACCOUNT))),
                    tallies.getOrDefault(payment.id(), EffectTally.NONE)))
        .toList();
  }

  /** One payment by our id, with its tags and effects, its orders and disputes. */
  @GET
  @Path("/{id}")
  public PaymentDetail get(@Auth ApiCaller caller, @PathParam("id") String id) {
    return detail(
        caller.scope(),
        payments
            .payment(caller.scope(), Parameter.id(id))
            .orElseThrow(
                () -> ProblemException.of(ProblemCode.NOT_FOUND, "There is no such payment.")));
  }

  /** Accepts a payment that is flagged, or only a part: its contact is tagged after all. */
  @POST
  @Path("/{id}/accept")
  public PaymentDetail accept(@Auth ApiCaller caller, @PathParam("id") String id) {
    Acceptance acceptance =
        checkouts.accept(
            caller.scope(), Parameter.id(id), new OperatorRequest(caller.name(), "accept", null));
    return switch (acceptance.result()) {
      case UNKNOWN -> throw ProblemException.of(ProblemCode.NOT_FOUND, "There is no such payment.");
      case NOT_FLAGGED ->
          throw ProblemException.of(
              409,
              "not_flagged",
              "The payment is neither flagged nor a part: there is nothing to accept.");
      case ACCEPTED, ALREADY_ACCEPTED ->
          detail(caller.scope(), Objects.requireNonNull(acceptance.payment()));
    };
  }

  private static Cursor cursor(PaymentFilter filter, @Nullable String account) {
    List<@Nullable Object> values =
        Arrays.asList(
            filter.status(),
            filter.externalReference(),
            filter.mpPaymentId(),
            filter.linked(),
            filter.flagged(),
            account);
    return new Cursor("payments", values);
  }

  /** True, false, or null where nobody asked. */
  private static @Nullable Boolean flag(String name, @Nullable String value) {
    var parameter = new Parameter(name, value);
    return parameter.value() == null ? null : parameter.flag();
  }

  private PaymentDetail detail(Scope scope, Payment payment) {
    long owner =
        payments
            .accountsOf(scope, List.of(payment.id()))
            .getOrDefault(payment.id(), Place.MAIN_ACCOUNT);
    return new PaymentDetail(
        PaymentView.of(payment, accounts.ofOne(owner)),
        payments.tags(scope, payment.id()).stream().map(PaymentDetail.Tag::of).toList(),
        effects.of(scope, payment).stream()
            .map(seen -> EffectSummary.of(seen, EffectsOf.subjects(payment)))
            .toList(),
        links.orders(scope, payment).stream().map(PaymentDetail.OrderLink::of).toList(),
        links.disputes(scope, payment).stream().map(PaymentDetail.DisputeLink::of).toList());
  }
}

package dev.acuse.api;

import dev.acuse.effect.EffectFilter;
import dev.acuse.effect.EffectKind;
import dev.acuse.effect.EffectState;
import dev.acuse.effect.Subject;
import dev.acuse.event.Scope;
import dev.acuse.http.Cursor;
import dev.acuse.http.ProblemException;
import dev.acuse.http.QueryParameters;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads from a query which effects are meant, for lists and for what is done to many at once. */
public final class EffectQuery {
  /** The parameters that it reads. */
  public static final Set<String> NAMES =
      Set.of("payment_id", "checkout_id", "kind", "state", "account");

  private static final int MAX_TEXT = 256;
  private static final int MOST_PAYMENTS = 100;

  private final PaymentReader payments;

  /**
   * @param payments where payments are looked for by MercadoPago's id
   */
  public EffectQuery(PaymentReader payments) {
    this.payments = payments;
  }

  /**
   * The filter that the query asks for; {@link EffectFilter#ALL} if it names none. Its account is
   * left to {@link AccountNames#narrowed}.
   *
   * @param scope whose payments are looked for
   * @throws ProblemException if a parameter is not what it should be
   */
  public EffectFilter read(Scope scope, QueryParameters query) {
    return EffectFilter.ALL
        .wantedBy(
            subjects(
                scope,
                query.get("payment_id").text(MAX_TEXT),
                query.get("checkout_id").positiveLong()))
        .withKind(
            query.get("kind").oneOf(EffectKind.KNOWN.toArray(EffectKind[]::new), EffectKind::code))
        .withState(
            query
                .get("state")
                .oneOf(EffectState.KNOWN.toArray(EffectState[]::new), EffectState::code));
  }

  /** What wants the effects that are meant; null if they are not narrowed by that. */
  private @Nullable Set<Subject> subjects(
      Scope scope, @Nullable String mpPaymentId, @Nullable Long checkoutId) {
    Set<Subject> ofCheckout = checkoutId == null ? null : Set.of(Subject.checkout(checkoutId));
    if (mpPaymentId == null) {
      return ofCheckout;
    }
    // One of each account that has it: MercadoPago's id is unique there, and here by account.
    var filter = new PaymentFilter(null, null, mpPaymentId, null, null);
    Set<Subject> ofPayment =
        payments.payments(scope, filter, null, MOST_PAYMENTS).stream()
            .flatMap(payment -> EffectsOf.subjects(payment).stream())
            .collect(Collectors.toCollection(HashSet::new));
    if (ofCheckout != null) {
      ofPayment.retainAll(ofCheckout);
    }
    return ofPayment;
  }

  /** The cursor of the list of effects that a query narrows. */
  public static Cursor cursor(QueryParameters query) {
    // As it was asked: which subjects a payment has may change while a caller pages.
    List<@Nullable Object> values =
        Arrays.asList(
            query.get("payment_id").value(),
            query.get("checkout_id").value(),
            query.get("kind").value(),
            query.get("state").value(),
            query.get("account").value());
    return new Cursor("effects", values);
  }
}

package dev.acuse.mercadopago.handler;

import dev.acuse.dispatch.AttemptLog;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.effect.Rearm;
import dev.acuse.mercadopago.handler.PaymentRefresh.Refreshed;
import dev.acuse.payment.state.Payment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the payments of one case up to date, for one attempt, and says whose they are. */
final class CasePayments {
  private final PaymentRefresh refresh;
  private final @Nullable Rearm rearm;
  private final AttemptLog attempt;
  private final Map<String, PaymentSeen> seen = new LinkedHashMap<>();
  private final List<Payment> own = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private @Nullable String otherCollector;
  private boolean isAnyMaybeOwn;

  CasePayments(PaymentRefresh refresh, @Nullable Rearm rearm, AttemptLog attempt) {
    this.refresh = refresh;
    this.rearm = rearm;
    this.attempt = attempt;
  }

  /** Looks up what the case itself names. */
  void follow(Collection<String> mpPaymentIds) {
    for (String id : mpPaymentIds) {
      Refreshed refreshed = refresh(id);
      outcomes.add(refreshed.outcome());
      if (refreshed.collector() != null) {
        otherCollector = refreshed.collector();
      } else if (refreshed.payment() == null) {
        isAnyMaybeOwn = true;
        seen.put(id, PaymentSeen.named(id));
      }
    }
  }

  /** The same for what a body names, which nothing proves: what is not there is not the case's. */
  void followHints(Collection<String> mpPaymentIds) {
    for (String id : mpPaymentIds) {
      if (!seen.containsKey(id)) {
        outcomes.add(Hint.settled(refresh(id).outcome()));
      }
    }
  }

  private Refreshed refresh(String id) {
    Refreshed refreshed = refresh.refresh(id, null, rearm, attempt);
    Payment payment = refreshed.payment();
    if (payment != null) {
      seen.put(id, DisputedPayments.seen(payment));
      own.add(payment);
    }
    return refreshed;
  }

  /** Those of the account, and those of which it is not known. */
  List<PaymentSeen> seen() {
    return List.copyOf(seen.values());
  }

  /** Those that are surely the account's. */
  List<Payment> own() {
    return own;
  }

  /**
   * The other seller whose all are that the case names; null if one is or may be the account's, or
   * it names none.
   */
  @Nullable String otherCollector() {
    return own.isEmpty() && !isAnyMaybeOwn ? otherCollector : null;
  }

  /** What the look-ups came to; that all is done where there were none. */
  Outcome outcome() {
    return OutcomePriority.first(outcomes);
  }

  /** What the look-ups and that of the case came to. */
  Outcome outcomeWith(Outcome ofCase) {
    List<Outcome> all = new ArrayList<>(outcomes);
    all.add(ofCase);
    return OutcomePriority.first(all);
  }
}

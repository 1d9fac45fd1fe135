package dev.acuse.mercadopago.reconciliation;

import dev.acuse.dispute.DisputeKind;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.dispute.DisputeStore.Due;
import dev.acuse.dispute.PaymentSeen;
import dev.acuse.event.Scope;
import dev.acuse.mercadopago.Topic;
import dev.acuse.mercadopago.reconciliation.LookUps.LookUp;
import dev.acuse.payment.PaymentFilter;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Payment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has disputes looked at again whose time has come: the case where it is known, else its payment.
 * And a payment that is disputed, and that no dispute names, gets one, as after an upgrade.
 * Thread-safe.
 */
public final class DisputeLooks implements DueLooks {
  /** So many are looked at in a turn at most; the next turn goes on. */
  private static final int BITE = 50;

  private static final int PAGE = 100;

  /** More disputed payments than that are not gone through in each turn. */
  private static final int MOST_PAGES = 10;

  private static final Map<String, DisputeKind> DISPUTED =
      Map.of("charged_back", DisputeKind.CHARGEBACK, "in_mediation", DisputeKind.CLAIM);

  private final DisputeStore store;
  private final DisputeReader reader;
  private final PaymentReader payments;
  private final LookUps lookUps;

  /**
   * @param lookUps makes the events
   */
  public DisputeLooks(
      DisputeStore store, DisputeReader reader, PaymentReader payments, LookUps lookUps) {
    this.store = store;
    this.reader = reader;
    this.payments = payments;
    this.lookUps = lookUps;
  }

  @Override
  public void queue(long accountId) {
    DISPUTED.forEach((status, kind) -> adopt(accountId, status, kind));
    List<Due> due = store.due(accountId, BITE);
    List<LookUp> found = new ArrayList<>();
    due.forEach(one -> found.addAll(lookUps(one)));
    lookUps.queue(accountId, found);
    // After the events are on disk: what is cut off before makes the same events once more.
    due.forEach(one -> store.askedFor(accountId, one));
  }

  private static List<LookUp> lookUps(Due due) {
    String why = "dispute:" + due.dueAt().toEpochMilli();
    String mpId = due.mpId();
    if (mpId == null) {
      return due.mpPaymentIds().stream()
          .map(id -> new LookUp(Topic.PAYMENT.code(), id, why))
          .toList();
    }
    Topic topic = due.kind() == DisputeKind.CLAIM ? Topic.CLAIM : Topic.CHARGEBACK;
    return List.of(new LookUp(topic.code(), mpId, why));
  }

  private void adopt(long accountId, String status, DisputeKind kind) {
    Scope scope = Scope.of(accountId);
    var filter = new PaymentFilter(status, null, null, null, null);
    Long before = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      List<Payment> some = payments.payments(scope, filter, before, PAGE);
      Set<String> unnamed =
          reader.unnamed(scope, kind, some.stream().map(Payment::mpPaymentId).toList());
      for (Payment payment : some) {
        if (unnamed.contains(payment.mpPaymentId())) {
          var unused =
              store.follow(
                  accountId,
                  new PaymentSeen(
                      payment.mpPaymentId(),
                      payment.status(),
                      payment.statusDetail(),
                      payment.amount(),
                      payment.currency()));
        }
      }
      if (some.size() < PAGE) {
        return;
      }
      before = some.get(some.size() - 1).id();
    }
  }
}

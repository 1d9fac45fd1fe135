package dev.acuse.mercadopago.handler;

import dev.acuse.account.Accounts;
import dev.acuse.dispatch.Outcome;
import dev.acuse.dispute.DisputeStore;
import dev.acuse.event.NewEvent;
import dev.acuse.event.ReasonCode;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.order.OrderStore;
import dev.acuse.payment.PaymentStore;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers of MercadoPago's events need of the accounts: for each event the client of its
 * own account, and what becomes of what is another's. Thread-safe.
 */
public final class AccountRefreshes {
  private static final Duration UNTIL_KNOWN = Duration.ofSeconds(5);

  private final MercadoPagoClients clients;
  private final PaymentStore payments;
  private final Accounts accounts;
  private final Sellers sellers;
  private final Handover handover;
  private final DisputedPayments disputed;
  private final OrderStore orders;

  /**
   * @param disputed brings disputes up to date with their payments
   * @param orders has orders looked up again that their payments contradict
   * @param named which seller a delivery has named
   * @param store stores the event of an account to which one is handed over, before it returns
   */
  public AccountRefreshes(
      MercadoPagoClients clients,
      PaymentStore payments,
      DisputedPayments disputed,
      OrderStore orders,
      Accounts accounts,
      Handover.NamedSeller named,
      Consumer<NewEvent> store) {
    this.clients = clients;
    this.payments = payments;
    this.disputed = disputed;
    this.orders = orders;
    this.accounts = accounts;
    this.sellers = new Sellers(accounts);
    this.handover = new Handover(clients, sellers, named, payments::accountsWith, store);
  }

  /** The client of the event's account; a stranger may have caused the event. */
  MercadoPagoClient client(WebhookEvent event) {
    MercadoPagoClient client = clients.of(event.accountId());
    return Hint.isOfStranger(event) ? client.forStrangers() : client;
  }

  /** Refreshes payments of the event's account. */
  PaymentRefresh of(WebhookEvent event) {
    return refresh(event, disputed);
  }

  /** The same, where the dispute is at hand: no case is looked for. */
  PaymentRefresh withoutCases(WebhookEvent event) {
    return refresh(event, null);
  }

  private PaymentRefresh refresh(WebhookEvent event, @Nullable DisputedPayments followed) {
    return new PaymentRefresh(
        event.accountId(), client(event), payments, sellers, orders, followed);
  }

  /** The store of the disputes. */
  DisputeStore disputes() {
    return disputed.disputes();
  }

  /**
   * Why the event may not be worked on now; null if it may. As long as the accounts are not known,
   * whose a payment is can't be told.
   */
  @Nullable Outcome obstacle(WebhookEvent event) {
    if (!accounts.isKnown()) {
      return Outcome.snooze("the accounts are not known yet", UNTIL_KNOWN)
          .because(ReasonCode.ACCOUNT_HELD);
    }
    return isOfOneAccount(event) ? null : Outcome.accountMismatch();
  }

  /** Whether the payment that an attempt before has led to is of the event's account. */
  private boolean isOfOneAccount(WebhookEvent event) {
    Long paymentId = event.paymentId();
    return paymentId == null || payments.isOf(event.accountId(), paymentId);
  }

  Sellers sellers() {
    return sellers;
  }

  Handover handover() {
    return handover;
  }
}

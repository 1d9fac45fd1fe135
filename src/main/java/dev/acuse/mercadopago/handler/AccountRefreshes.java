package dev.acuse.mercadopago.handler;

import dev.acuse.account.Accounts;
import dev.acuse.event.NewEvent;
import dev.acuse.event.WebhookEvent;
import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoClients;
import dev.acuse.payment.PaymentStore;
import java.util.function.Consumer;

/**
 * What both handlers of MercadoPago's events need of the accounts: for each event the client of its
 * own account, and what becomes of what is another's. Thread-safe.
 */
public final class AccountRefreshes {
  private final MercadoPagoClients clients;
  private final PaymentStore payments;
  private final Sellers sellers;
  private final Handover handover;

  /**
   * @param named which seller a delivery has named
   * @param store stores the event of an account to which one is handed over, before it returns
   */
  public AccountRefreshes(
      MercadoPagoClients clients,
      PaymentStore payments,
      Accounts accounts,
      Handover.NamedSeller named,
      Consumer<NewEvent> store) {
    this.clients = clients;
    this.payments = payments;
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
    return new PaymentRefresh(event.accountId(), client(event), payments, sellers);
  }

  /** Whether the payment that an attempt before has led to is of the event's account. */
  boolean isOfOneAccount(WebhookEvent event) {
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

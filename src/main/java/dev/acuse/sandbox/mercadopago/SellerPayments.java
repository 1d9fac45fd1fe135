package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a seller is paid, and what hears of it. Thread-safe. */
abstract sealed class SellerPayments permits SandboxSeller {
  private final Sellers sellers;
  private final SandboxState books;
  private final List<Consumer<PaymentChange>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<PaymentChange>> purchaseListeners = new CopyOnWriteArrayList<>();

  SellerPayments(Sellers sellers, SandboxState books) {
    this.sellers = sellers;
    this.books = books;
  }

  /**
   * A customer pays, or tries to: a new payment on the preference's merchant order.
   *
   * @param preference its id or its external reference
   * @throws NoSuchElementException if this seller has no such preference
   */
  public PaymentChange pay(String preference, PaymentOutcome outcome) {
    return pay(preference, outcome, null, null);
  }

  /**
   * A customer, or another seller, pays a preference or a part of its price.
   *
   * @param preference its id or its external reference
   * @param amount in units of the preference's currency; null for the whole price
   * @param payer null for a customer without an account
   * @throws NoSuchElementException if this seller has no such preference
   */
  public PaymentChange pay(
      String preference,
      PaymentOutcome outcome,
      @Nullable BigDecimal amount,
      @Nullable SandboxSeller payer) {
    return announced(books.pay(preference, outcome, amount, payer == null ? 0 : payer.userId()));
  }

  /** A payment without preference and order, as made by MercadoPago's payments API. */
  public PaymentChange payDirectly(SandboxPayment.Terms terms, PaymentOutcome outcome) {
    return announced(books.payDirectly(terms, outcome));
  }

  /**
   * Another status for a payment, with a later {@code date_last_updated}.
   *
   * @throws NoSuchElementException if this seller has no such payment
   */
  public PaymentChange change(long paymentId, PaymentOutcome outcome) {
    return change(paymentId, outcome.status(), outcome.detail());
  }

  /** As the other {@code change}, with any texts: MercadoPago adds some from time to time. */
  public PaymentChange change(long paymentId, String status, String statusDetail) {
    return announced(books.change(paymentId, status, statusDetail));
  }

  /**
   * Gives a part of the money back; less than all leaves the payment approved.
   *
   * @param amount null for all that is left
   * @throws NoSuchElementException if this seller has no such payment
   * @throws IllegalStateException if it is not approved, or less than the amount is left
   */
  public PaymentChange refund(long paymentId, @Nullable BigDecimal amount) {
    return announced(books.refund(paymentId, amount));
  }

  /**
   * Tells of every later change of what this seller was paid, except by {@link SandboxSeller#put}.
   * Called in the thread of the change, after it: must be quick and must not throw.
   */
  public void onPaymentChanged(Consumer<PaymentChange> listener) {
    listeners.add(listener);
  }

  /**
   * Tells of every later change of what this seller paid to another. The change comes without the
   * merchant order, which is the other's. Called as the other listeners are.
   */
  public void onPurchaseChanged(Consumer<PaymentChange> listener) {
    purchaseListeners.add(listener);
  }

  private PaymentChange announced(PaymentChange change) {
    listeners.forEach(listener -> listener.accept(change));
    sellers
        .find(change.payment().terms().payerId())
        .filter(payer -> payer != this)
        .ifPresent(payer -> payer.hearOfPurchase(change));
    return change;
  }

  void hearOfPurchase(PaymentChange change) {
    var withoutOrder = new PaymentChange(change.payment(), null, change.created(), false);
    purchaseListeners.forEach(listener -> listener.accept(withoutOrder));
  }
}

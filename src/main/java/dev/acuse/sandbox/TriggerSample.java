package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A sample notification by name, for {@code trigger}. A notification says which payment to look at,
 * not how it stands: approved, rejected and refunded differ by their action only, and the receiver
 * learns the state from MercadoPago.
 */
public enum TriggerSample {
  PAYMENT_CREATED("payment.created"),
  PAYMENT_APPROVED("payment.approved"),
  PAYMENT_REJECTED("payment.rejected"),
  PAYMENT_REFUNDED("payment.refunded"),
  MERCHANT_ORDER("merchant_order"),
  IPN_PAYMENT("ipn.payment");

  private final String sampleName;

  TriggerSample(String sampleName) {
    this.sampleName = sampleName;
  }

  /** The sample of this name; empty for an unknown one. */
  public static Optional<TriggerSample> of(String name) {
    return Arrays.stream(values()).filter(sample -> sample.sampleName.equals(name)).findFirst();
  }

  /** The names of all samples. */
  public static List<String> names() {
    return Arrays.stream(values()).map(sample -> sample.sampleName).toList();
  }

  /**
   * The notification.
   *
   * @param id of the payment, or of the merchant order
   */
  public Notification build(Notifications notifications, String id) {
    return switch (this) {
      // a card's payment is approved or rejected in the moment in which it is made
      case PAYMENT_CREATED, PAYMENT_REJECTED -> notifications.paymentCreated(id);
      case PAYMENT_APPROVED, PAYMENT_REFUNDED -> notifications.paymentUpdated(id);
      case MERCHANT_ORDER -> notifications.merchantOrder(id, "closed");
      case IPN_PAYMENT -> notifications.ipnPayment(id);
    };
  }
}

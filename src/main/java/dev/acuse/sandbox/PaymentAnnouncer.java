package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.SandboxOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells a webhook of each change the way MercadoPago does: by both channels at once, the order too,
 * in no order, some of it twice; and again later whatever was not accepted. Thread-safe.
 */
public final class PaymentAnnouncer implements Consumer<PaymentChange> {
  private final Crier crier;

  /**
   * @param seed of the order and the duplicates
   * @param waits between the tries for one notification
   */
  public PaymentAnnouncer(Notifier notifier, long seed, List<Duration> waits) {
    this.crier = new Crier(notifier, seed, waits);
  }

  @Override
  public void accept(PaymentChange change) {
    crier.tell(all(change));
  }

  /** How many notifications were accepted, duplicates included. */
  public long accepted() {
    return crier.accepted();
  }

  /** How many were given up after the last wait. */
  public long givenUp() {
    return crier.givenUp();
  }

  private List<Notification> all(PaymentChange change) {
    Notifications make = crier.make();
    String id = Long.toString(change.payment().id());
    var all = new ArrayList<Notification>();
    all.add(change.created() ? make.paymentCreated(id) : make.paymentUpdated(id));
    all.add(make.ipnPayment(id));
    SandboxOrder order = change.order();
    if (order != null) {
      String orderId = Long.toString(order.id());
      if (change.orderCreated()) {
        all.add(make.merchantOrder(orderId, "opened"));
      }
      if (order.status().equals("closed")) {
        all.add(make.merchantOrder(orderId, "closed"));
      }
      all.add(make.ipnMerchantOrder(orderId));
    }
    return all;
  }
}

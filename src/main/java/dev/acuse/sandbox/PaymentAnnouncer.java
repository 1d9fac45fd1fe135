package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.SandboxOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Tells a webhook of each change the way MercadoPago does: by both channels at once, the order too,
 * in no order, some of it twice; and again later whatever was not accepted. Thread-safe.
 */
public final class PaymentAnnouncer implements Consumer<PaymentChange> {
  private static final int ONE_IN_DUPLICATES = 3;

  private final Notifier notifier;
  private final Random random;
  private final List<Duration> waits;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong givenUp = new AtomicLong();

  /**
   * @param seed of the order and the duplicates
   * @param waits between the tries for one notification
   */
  public PaymentAnnouncer(Notifier notifier, long seed, List<Duration> waits) {
    this.notifier = notifier;
    this.random = new Random(seed);
    this.waits = List.copyOf(waits);
  }

  @Override
  public void accept(PaymentChange change) {
    for (Notification notification : shuffled(all(change))) {
      var unused =
          notifier
              .deliverUntilAccepted(notification, waits)
              .whenComplete(
                  (answer, failure) -> {
                    boolean taken = answer != null && answer.isAccepted();
                    (taken ? accepted : givenUp).incrementAndGet();
                  });
    }
  }

  /** How many notifications were accepted, duplicates included. */
  public long accepted() {
    return accepted.get();
  }

  /** How many were given up after the last wait. */
  public long givenUp() {
    return givenUp.get();
  }

  private List<Notification> all(PaymentChange change) {
    Notifications make = notifier.notifications();
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

  private List<Notification> shuffled(List<Notification> all) {
    var mixed = new ArrayList<>(all);
    synchronized (random) {
      for (Notification notification : all) {
        if (random.nextInt(ONE_IN_DUPLICATES) == 0) {
          mixed.add(notification);
        }
      }
      Collections.shuffle(mixed, random);
    }
    return mixed;
  }
}

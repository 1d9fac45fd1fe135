package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.OrderNotifications;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells a webhook of each change of an order of the Orders API, in one of the shapes that are seen
 * of MercadoPago, by chance. Thread-safe.
 */
public final class OrderAnnouncer implements Consumer<SandboxOnlineOrder> {
  private final Crier crier;

  /**
   * @param seed of the shapes, the order and the duplicates
   * @param waits between the tries for one notification
   */
  public OrderAnnouncer(Notifier notifier, long seed, List<Duration> waits) {
    this.crier = new Crier(notifier, seed, waits);
  }

  @Override
  public void accept(SandboxOnlineOrder order) {
    crier.tell(List.of(notification(order)));
  }

  /** How many notifications were accepted, duplicates included. */
  public long accepted() {
    return crier.accepted();
  }

  /** How many were given up after the last wait. */
  public long givenUp() {
    return crier.givenUp();
  }

  private Notification notification(SandboxOnlineOrder order) {
    OrderNotifications make = crier.make().orders();
    if (!order.terms().type().equals("online")) {
      return make.full(order);
    }
    return switch (crier.pick(6)) {
      case 0 -> make.minimal(order.id(), "order." + order.status());
      case 1 -> make.older(order);
      case 2 -> make.verbatim(order);
      default -> make.online(order);
    };
  }
}

package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PanelTopic;
import dev.acuse.sandbox.mercadopago.PaymentChange;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where each seller is told of its sales and of its purchases. Of its sales it is told by the
 * topics that it has ticked. Thread-safe.
 */
final class Announcements {
  /** MercadoPago's waits are quarters of an hour and longer, too long for a sandbox. */
  private static final List<Duration> WAITS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));

  private final BiFunction<SandboxSeller, URI, Notifier> notifiers;
  private final long seed;
  private final Map<SandboxSeller, Relay<Sales>> sales = new HashMap<>();
  private final Map<SandboxSeller, Relay<Consumer<PaymentChange>>> purchases = new HashMap<>();

  /** What tells a seller's address of its sales, a topic each. */
  private record Sales(
      PaymentAnnouncer payments, OrderAnnouncer orders, DisputeAnnouncer disputes) {}

  /** Listens to a seller for good and passes on to the address of the moment. */
  private static final class Relay<T> {
    private volatile @Nullable T announcer;

    private void pass(Consumer<T> told) {
      T current = announcer;
      if (current != null) {
        told.accept(current);
      }
    }
  }

  /**
   * @param notifiers make what sends a seller's notifications to an address
   * @param seed of the order and the duplicates
   */
  Announcements(BiFunction<SandboxSeller, URI, Notifier> notifiers, long seed) {
    this.notifiers = notifiers;
    this.seed = seed;
  }

  synchronized void sales(SandboxSeller seller, @Nullable URI webhookUrl) {
    sales.computeIfAbsent(seller, Announcements::relayOfSales).announcer =
        webhookUrl == null ? null : announcers(notifiers.apply(seller, webhookUrl));
  }

  synchronized void purchases(SandboxSeller seller, @Nullable URI webhookUrl) {
    purchases.computeIfAbsent(seller, Announcements::relayOfPurchases).announcer =
        webhookUrl == null
            ? null
            : new PaymentAnnouncer(notifiers.apply(seller, webhookUrl), seed, WAITS);
  }

  private static Relay<Sales> relayOfSales(SandboxSeller seller) {
    var relay = new Relay<Sales>();
    seller.onPaymentChanged(
        change -> {
          if (seller.ticks(PanelTopic.PAYMENT)) {
            relay.pass(told -> told.payments().accept(change));
          }
        });
    seller
        .onlineOrders()
        .onChanged(
            order -> {
              if (seller.ticks(PanelTopic.ORDER)) {
                relay.pass(told -> told.orders().accept(order));
              }
            });
    seller
        .disputes()
        .onChargebackChanged(
            chargeback -> {
              if (seller.ticks(PanelTopic.CHARGEBACK)) {
                relay.pass(told -> told.disputes().chargeback(chargeback));
              }
            });
    seller
        .disputes()
        .onClaimChanged(
            claim -> {
              if (seller.ticks(PanelTopic.CLAIM)) {
                relay.pass(told -> told.disputes().claim(claim));
              }
            });
    return relay;
  }

  private static Relay<Consumer<PaymentChange>> relayOfPurchases(SandboxSeller seller) {
    var relay = new Relay<Consumer<PaymentChange>>();
    seller.onPurchaseChanged(change -> relay.pass(told -> told.accept(change)));
    return relay;
  }

  private Sales announcers(Notifier notifier) {
    return new Sales(
        new PaymentAnnouncer(notifier, seed, WAITS),
        new OrderAnnouncer(notifier, seed, WAITS),
        new DisputeAnnouncer(notifier, seed, WAITS));
  }
}

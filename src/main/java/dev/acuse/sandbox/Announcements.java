package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notifier;
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

/** Where each seller is told of its sales and of its purchases. Thread-safe. */
final class Announcements {
  /** MercadoPago's waits are quarters of an hour and longer, too long for a sandbox. */
  private static final List<Duration> WAITS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(60));

  private final BiFunction<SandboxSeller, URI, Notifier> notifiers;
  private final long seed;
  private final Map<SandboxSeller, Relay> sales = new HashMap<>();
  private final Map<SandboxSeller, Relay> purchases = new HashMap<>();

  /** Listens to a seller for good and passes on to the address of the moment. */
  private static final class Relay implements Consumer<PaymentChange> {
    private volatile @Nullable PaymentAnnouncer announcer;

    @Override
    public void accept(PaymentChange change) {
      PaymentAnnouncer current = announcer;
      if (current != null) {
        current.accept(change);
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
    Relay relay = sales.computeIfAbsent(seller, unused -> relay(seller::onPaymentChanged));
    relay.announcer = announcer(seller, webhookUrl);
  }

  synchronized void purchases(SandboxSeller seller, @Nullable URI webhookUrl) {
    Relay relay = purchases.computeIfAbsent(seller, unused -> relay(seller::onPurchaseChanged));
    relay.announcer = announcer(seller, webhookUrl);
  }

  private static Relay relay(Consumer<Consumer<PaymentChange>> listeners) {
    var relay = new Relay();
    listeners.accept(relay);
    return relay;
  }

  private @Nullable PaymentAnnouncer announcer(SandboxSeller seller, @Nullable URI webhookUrl) {
    return webhookUrl == null
        ? null
        : new PaymentAnnouncer(notifiers.apply(seller, webhookUrl), seed, WAITS);
  }
}

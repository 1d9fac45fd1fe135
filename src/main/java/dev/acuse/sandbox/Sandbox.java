package dev.acuse.sandbox;

import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.http.ServerThreads;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A MercadoPago and a GoHighLevel on this machine, with the shapes and errors of the real APIs, for
 * the demo and the tests. Both listen on the loopback interface only. Thread-safe; its threads are
 * daemons.
 */
public final class Sandbox implements AutoCloseable {
  private final SandboxOptions options;
  private final ServerThreads threads;
  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;
  private final Announcements announcements;
  private @Nullable HttpClient client;

  private Sandbox(SandboxOptions options) {
    SandboxOptions.Credentials credentials = options.credentials();
    this.options = options;
    this.threads = ServerThreads.start(options.threads());
    this.mercadoPago =
        new SandboxMercadoPago(
            options.mercadoPagoPort(),
            credentials.accessToken(),
            credentials.webhookSecret(),
            credentials.collectorId(),
            options.seed(),
            options.clock(),
            threads.mercadoPago());
    this.goHighLevel =
        new SandboxGoHighLevel(
            options.goHighLevelPort(),
            credentials.goHighLevelToken(),
            credentials.locationId(),
            options.seed() + 1,
            options.clock(),
            threads.goHighLevel());
    this.announcements = new Announcements(this::notifier, options.seed());
  }

  /**
   * Starts both servers.
   *
   * @throws java.io.UncheckedIOException if a port is taken
   */
  public static Sandbox start(SandboxOptions options) {
    var sandbox = new Sandbox(options);
    try {
      sandbox.goHighLevel.start();
      sandbox.mercadoPago.start(ControlRoutes.PREFIX, sandbox.levers());
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  private ControlRoutes levers() {
    var accounts = new AccountLevers(mercadoPago, goHighLevel, announcements);
    return new ControlRoutes(
        mercadoPago, goHighLevel, accounts, new SendLevers(mercadoPago, accounts, this::notifier));
  }

  /** The base address of MercadoPago's API, without a slash at the end. */
  public URI mercadoPagoUrl() {
    return mercadoPago.url();
  }

  /** The base address of GoHighLevel's API, without a slash at the end. */
  public URI goHighLevelUrl() {
    return goHighLevel.url();
  }

  /** The MercadoPago of this sandbox. */
  public SandboxMercadoPago mercadoPago() {
    return mercadoPago;
  }

  /** The GoHighLevel of this sandbox. */
  public SandboxGoHighLevel goHighLevel() {
    return goHighLevel;
  }

  /** Sends the first seller's notifications to this address. */
  public Notifier notifier(URI webhookUrl) {
    return new Notifier(webhookUrl, notifications(), threads.senders());
  }

  /** Sends a seller's notifications to this address. These notifiers share their connections. */
  public Notifier notifier(SandboxSeller seller, URI webhookUrl) {
    return new Notifier(webhookUrl, seller.notifications(), threads.senders(), client());
  }

  private synchronized HttpClient client() {
    HttpClient known = client;
    HttpClient shared = known != null ? known : Notifier.client(threads.senders());
    client = shared;
    return shared;
  }

  /** Builds notifications to the first seller. */
  public Notifications notifications() {
    return mercadoPago.seller().notifications();
  }

  /**
   * Has each change of what a seller was paid announced to an address, in place of the one before,
   * as {@link PaymentAnnouncer}, {@link OrderAnnouncer} and {@link DisputeAnnouncer} do, by the
   * topics that it {@linkplain SandboxSeller#tick ticks}.
   *
   * @param webhookUrl null for no more announcements
   */
  public void announceSales(SandboxSeller seller, @Nullable URI webhookUrl) {
    announcements.sales(seller, webhookUrl);
  }

  /**
   * The same for what a seller paid to another: the payer is then told of the payment as well, and
   * not of the order.
   */
  public void announcePurchases(SandboxSeller seller, @Nullable URI webhookUrl) {
    announcements.purchases(seller, webhookUrl);
  }

  /** What this sandbox was started with. */
  public SandboxOptions options() {
    return options;
  }

  Executor senders() {
    return threads.senders();
  }

  /** Stops both servers and closes their connections. */
  @Override
  public void close() {
    mercadoPago.stopListening();
    goHighLevel.stopListening();
    threads.stop();
  }
}

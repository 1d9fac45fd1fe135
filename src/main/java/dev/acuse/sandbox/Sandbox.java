package dev.acuse.sandbox;

import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.http.ServerThreads;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import java.net.URI;
import java.util.concurrent.Executor;

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
  private final Notifications notifications;

  private Sandbox(SandboxOptions options) {
    SandboxOptions.Credentials credentials = options.credentials();
    this.options = options;
    this.threads = ServerThreads.start(options.threads());
    this.mercadoPago =
        new SandboxMercadoPago(
            options.mercadoPagoPort(),
            credentials.accessToken(),
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
    this.notifications =
        new Notifications(credentials.webhookSecret(), credentials.collectorId(), options.clock());
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
      sandbox.mercadoPago.start(
          ControlRoutes.PREFIX,
          new ControlRoutes(
              sandbox.mercadoPago, sandbox.goHighLevel, options.credentials().collectorId()));
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
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

  /** Sends notifications to this address, signed with the sandbox's secret. */
  public Notifier notifier(URI webhookUrl) {
    return new Notifier(webhookUrl, notifications, threads.senders());
  }

  /** Builds notifications signed with the sandbox's secret. */
  public Notifications notifications() {
    return notifications;
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

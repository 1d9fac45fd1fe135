package dev.acuse.sandbox;

import java.net.URI;

/**
 * A MercadoPago and a GoHighLevel on this machine, with the real APIs' shapes and errors: for the
 * demo, for trying Acuse out, and for its tests. It shares no code with the clients that it stands
 * against, so that a mistake in one does not hide in the other.
 */
public final class Sandbox implements AutoCloseable {
  private final SandboxOptions options;
  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;

  private Sandbox(SandboxOptions options) {
    this.options = options;
    this.mercadoPago = new SandboxMercadoPago(options);
    this.goHighLevel = new SandboxGoHighLevel(options);
    new Controls(mercadoPago, goHighLevel).addTo(mercadoPago.server());
  }

  /** Starts both. */
  public static Sandbox start(SandboxOptions options) {
    var sandbox = new Sandbox(options);
    sandbox.mercadoPago.server().start();
    sandbox.goHighLevel.server().start();
    return sandbox;
  }

  /** How it was set up. */
  public SandboxOptions options() {
    return options;
  }

  /** Where MercadoPago's API is. */
  public URI mercadoPagoUrl() {
    return mercadoPago.server().url();
  }

  /** Where GoHighLevel's API is. */
  public URI goHighLevelUrl() {
    return goHighLevel.server().url();
  }

  /** MercadoPago's side. */
  public SandboxMercadoPago mercadoPago() {
    return mercadoPago;
  }

  /** GoHighLevel's side. */
  public SandboxGoHighLevel goHighLevel() {
    return goHighLevel;
  }

  /** Notifications as MercadoPago sends them, signed with this sandbox's secret. */
  public Notifications notifications() {
    return new Notifications(options.webhookSecret(), options.clock());
  }

  @Override
  public void close() {
    mercadoPago.server().stop();
    goHighLevel.server().stop();
  }
}

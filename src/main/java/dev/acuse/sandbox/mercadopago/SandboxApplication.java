package dev.acuse.sandbox.mercadopago;

/**
 * An application at the sandbox's MercadoPago. The notifications of all its sellers are signed with
 * its one secret. Thread-safe.
 */
public final class SandboxApplication {
  /** The application of a sandbox that was told of no other. */
  static final String FIRST = "7910000000000001";

  private final String id;
  private volatile String secret;

  SandboxApplication(String id, String secret) {
    this.id = id;
    this.secret = secret;
  }

  /** {@code application_id} of notifications, {@code client_id} of preferences: digits. */
  public String id() {
    return id;
  }

  /** What notifications are signed with, as text. */
  public String secret() {
    return secret;
  }

  /** Another secret from now on, as MercadoPago's panel makes one; the old one signs no more. */
  public SandboxApplication secret(String other) {
    secret = other;
    return this;
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "SandboxApplication[" + id + "]";
  }
}

package dev.acuse.sandbox;

import java.time.InstantSource;

/**
 * How to start a {@link Sandbox}.
 *
 * @param mercadoPagoPort 0 for a free one
 * @param goHighLevelPort 0 for a free one
 * @param threads that answer requests, for each of the two servers
 * @param seed of everything that happens by chance
 * @param clock dates payments and counts the rate limit's window
 */
public record SandboxOptions(
    int mercadoPagoPort,
    int goHighLevelPort,
    int threads,
    Credentials credentials,
    long seed,
    InstantSource clock) {

  /**
   * What the two APIs accept and notifications are signed with. Invented, but not printed: a person
   * may set a real one by mistake.
   *
   * @param accessToken of MercadoPago
   * @param webhookSecret MercadoPago's notifications are signed with it
   * @param collectorId the MercadoPago account that is paid
   * @param goHighLevelToken a private integration token
   * @param locationId the GoHighLevel sub-account of the token
   */
  public record Credentials(
      String accessToken,
      String webhookSecret,
      long collectorId,
      String goHighLevelToken,
      String locationId) {

    /** The same for every sandbox, so that a configuration written once goes on fitting. */
    public static Credentials invented() {
      return new Credentials(
          "APP_USR-sandbox-token",
          "sandbox-webhook-secret",
          448_800_001,
          "pit-00000000-0000-4000-8000-000000000000",
          "sandboxLocation00001");
    }

    @Override
    public String toString() {
      return "Credentials[collectorId=" + collectorId + ", locationId=" + locationId + "]";
    }
  }

  /** Free ports, invented credentials, 16 threads a server. */
  public static SandboxOptions defaults(InstantSource clock) {
    return new SandboxOptions(0, 0, 16, Credentials.invented(), 1, clock);
  }

  /** The same with other ports; 0 for a free one. */
  public SandboxOptions withPorts(int mercadoPago, int goHighLevel) {
    return new SandboxOptions(mercadoPago, goHighLevel, threads, credentials, seed, clock);
  }

  /** The same with other credentials. */
  public SandboxOptions withCredentials(Credentials other) {
    return new SandboxOptions(mercadoPagoPort, goHighLevelPort, threads, other, seed, clock);
  }

  /** The same with another number of threads a server. */
  public SandboxOptions withThreads(int other) {
    return new SandboxOptions(mercadoPagoPort, goHighLevelPort, other, credentials, seed, clock);
  }

  /** The same with other chances. */
  public SandboxOptions withSeed(long other) {
    return new SandboxOptions(mercadoPagoPort, goHighLevelPort, threads, credentials, other, clock);
  }
}

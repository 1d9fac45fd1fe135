package dev.acuse.sandbox;

import java.time.InstantSource;

/**
 * How a sandbox is set up.
 *
 * @param mercadoPagoPort 0 takes a free one
 * @param goHighLevelPort 0 takes a free one
 * @param accessToken what MercadoPago's API asks for
 * @param webhookSecret what notifications are signed with
 * @param ghlToken what GoHighLevel's API asks for
 * @param locationId the sub-account that all contacts belong to
 * @param collectorId the merchant's account
 * @param clock the sandbox's time
 */
public record SandboxOptions(
    int mercadoPagoPort,
    int goHighLevelPort,
    String accessToken,
    String webhookSecret,
    String ghlToken,
    String locationId,
    long collectorId,
    InstantSource clock) {

  /** Free ports and made-up tokens. */
  public static SandboxOptions of(InstantSource clock) {
    return onPorts(0, 0, clock);
  }

  /** These ports and made-up tokens. */
  public static SandboxOptions onPorts(int mercadoPago, int goHighLevel, InstantSource clock) {
    return new SandboxOptions(
        mercadoPago,
        goHighLevel,
        "TEST-sandbox-access-token",
        "sandbox-webhook-secret",
        "pit-sandbox-token",
        "sandbox-location",
        448_800_001L,
        clock);
  }
}

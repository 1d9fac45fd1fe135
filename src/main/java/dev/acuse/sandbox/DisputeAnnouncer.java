package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxClaim;
import java.time.Duration;
import java.util.List;

/**
 * Tells a webhook of each change of a chargeback, by both channels, and of each change of a claim,
 * by either of its topic's names. Thread-safe.
 */
public final class DisputeAnnouncer {
  private final Crier crier;

  /**
   * @param seed of the names, the order and the duplicates
   * @param waits between the tries for one notification
   */
  public DisputeAnnouncer(Notifier notifier, long seed, List<Duration> waits) {
    this.crier = new Crier(notifier, seed, waits);
  }

  /** Tells of a chargeback, which names its first payment. */
  public void chargeback(SandboxChargeback chargeback) {
    var make = crier.make().disputes();
    crier.tell(
        List.of(
            make.chargeback(chargeback.id(), chargeback.payments().get(0)),
            make.ipnChargeback(chargeback.id())));
  }

  /** Tells of a claim. */
  public void claim(SandboxClaim claim) {
    var make = crier.make().disputes();
    crier.tell(
        List.of(crier.pick(2) == 0 ? make.claim(claim.id()) : make.claimByPanelName(claim.id())));
  }

  /** How many notifications were accepted, duplicates included. */
  public long accepted() {
    return crier.accepted();
  }

  /** How many were given up after the last wait. */
  public long givenUp() {
    return crier.givenUp();
  }
}

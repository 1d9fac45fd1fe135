package dev.acuse.sandbox.mercadopago;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The chargebacks and claims of one seller, in memory. Thread-safe: one lock, nothing under it. */
final class DisputeBook {
  private final Map<String, SandboxChargeback> chargebacks = new LinkedHashMap<>();
  private final Map<Long, SandboxClaim> claims = new LinkedHashMap<>();
  private final Map<String, Integer> refusals = new LinkedHashMap<>();

  synchronized void keep(SandboxChargeback chargeback) {
    chargebacks.put(chargeback.id(), chargeback);
  }

  synchronized void keep(SandboxClaim claim) {
    claims.put(claim.id(), claim);
  }

  /**
   * Changes a chargeback.
   *
   * @throws NoSuchElementException if there is none of this id
   */
  synchronized SandboxChargeback changeChargeback(
      String id, UnaryOperator<SandboxChargeback> change) {
    SandboxChargeback old =
        chargeback(id).orElseThrow(() -> new NoSuchElementException("no chargeback " + id));
    SandboxChargeback changed = change.apply(old);
    chargebacks.put(id, changed);
    return changed;
  }

  /**
   * Changes a claim.
   *
   * @throws NoSuchElementException if there is none of this id
   */
  synchronized SandboxClaim changeClaim(long id, UnaryOperator<SandboxClaim> change) {
    SandboxClaim old = claim(id).orElseThrow(() -> new NoSuchElementException("no claim " + id));
    SandboxClaim changed = change.apply(old);
    claims.put(id, changed);
    return changed;
  }

  synchronized Optional<SandboxChargeback> chargeback(String id) {
    return Optional.ofNullable(chargebacks.get(id));
  }

  synchronized Optional<SandboxClaim> claim(long id) {
    return Optional.ofNullable(claims.get(id));
  }

  synchronized List<SandboxChargeback> chargebacks() {
    return List.copyOf(chargebacks.values());
  }

  synchronized List<SandboxClaim> claims() {
    return List.copyOf(claims.values());
  }

  synchronized List<SandboxChargeback> chargebacksOf(long paymentId) {
    return chargebacks.values().stream()
        .filter(chargeback -> chargeback.payments().contains(paymentId))
        .toList();
  }

  /** From now on an answer about this case has this status; 200 ends that. */
  synchronized void refuse(String id, int status) {
    if (status == 200) {
      refusals.remove(id);
    } else {
      refusals.put(id, status);
    }
  }

  /** With what the case is refused; 200 if it is not. */
  synchronized int refusal(String id) {
    return refusals.getOrDefault(id, 200);
  }
}

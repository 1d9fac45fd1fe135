package dev.acuse.payment;

import dev.acuse.effect.EffectCounts;
import dev.acuse.payment.state.Payment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What applying a snapshot came to. No effect may be decided from {@code changed} or {@code
 * linked}: in a retry both are false, and the effect may still be outstanding.
 *
 * @param payment as it is now
 * @param changed the snapshot was newer than what was stored
 * @param linked the payment found its checkout just now
 * @param preferenceId its checkout's, which never changes; null if it has no checkout
 * @param effects what is wanted of other systems because of it, or of its checkout; stored with it
 * @param lacksContact tags would be due, but no contact is known, and none is looked for
 * @param heirs MercadoPago's ids of its checkout's other payments that count anew: they are to be
 *     refreshed
 */
public record Applied(
    Payment payment,
    boolean changed,
    boolean linked,
    @Nullable String preferenceId,
    EffectCounts effects,
    boolean lacksContact,
    List<String> heirs) {
  public Applied {
    heirs = List.copyOf(heirs);
  }
}

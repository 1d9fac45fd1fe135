package dev.acuse.payment;

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
 * @param tags what becomes of the customer's tags, if nobody need be called for that; null if there
 *     are tags to put on, or a contact to look for
 * @param heirs MercadoPago's ids of its checkout's other payments that count anew, or whose tags
 *     are outstanding: they are to be refreshed
 */
public record Applied(
    Payment payment,
    boolean changed,
    boolean linked,
    @Nullable String preferenceId,
    @Nullable TagResult tags,
    List<String> heirs) {
  public Applied {
    heirs = List.copyOf(heirs);
  }
}

package dev.acuse.effect;

import java.util.Optional;

/**
 * What an effect is wanted because of.
 *
 * @param code as stored: {@code checkout:<id>} or {@code payment:<id>}; at most 64 characters
 */
public record Subject(String code) {
  private static final String PAYMENT = "payment:";

  /** A checkout, by our own id: what belongs to one is judged by it. */
  public static Subject checkout(long id) {
    return new Subject("checkout:" + id);
  }

  /** A payment without a checkout, by our own id. */
  public static Subject payment(long id) {
    return new Subject(PAYMENT + id);
  }

  /** The id of the payment that it is; empty if it is none. */
  public Optional<Long> paymentId() {
    String id = code.startsWith(PAYMENT) ? code.substring(PAYMENT.length()) : "";
    return id.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(id)) : Optional.empty();
  }
}

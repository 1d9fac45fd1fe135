package dev.acuse.mercadopago.reconciliation;

import java.time.Duration;
import java.time.Instant;

/**
 * A span of MercadoPago's time that somebody wants compared.
 *
 * @param to not before {@code from}; may be in the future
 */
public record ReconciliationWindow(Instant from, Instant to) {
  /** MercadoPago's search reaches back twelve months. */
  static final Duration REACH = Duration.ofDays(364);

  /** A window that cannot be compared. The message names {@code from}, and may be shown. */
  public static final class InvalidException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private InvalidException(String message) {
      super(message);
    }
  }

  /**
   * @throws InvalidException if it begins after its end
   */
  public ReconciliationWindow {
    if (from.isAfter(to)) {
      throw new InvalidException("must not be after 'to'");
    }
  }

  /**
   * A window in which there may be something.
   *
   * @throws InvalidException if it begins in the future, before what MercadoPago can tell, or after
   *     its end
   */
  static ReconciliationWindow requested(Instant from, Instant to, Instant now) {
    if (from.isAfter(now)) {
      throw new InvalidException("must not be in the future");
    }
    if (from.isBefore(now.minus(REACH))) {
      throw new InvalidException(
          "must not be more than %d days ago: MercadoPago's search reaches no further back"
              .formatted(REACH.toDays()));
    }
    return new ReconciliationWindow(from, to);
  }
}

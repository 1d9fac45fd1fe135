package dev.acuse.payment;

import dev.acuse.payment.state.Checkout;

/**
 * Where checkouts are written down beside a database whose file may break: nobody else knows whom
 * to tag for a payment. Thread-safe.
 */
@FunctionalInterface
public interface CheckoutJournal {
  /** For a database that is trusted with what it holds. */
  CheckoutJournal NONE = checkout -> {};

  /**
   * Writes a checkout durably.
   *
   * @throws org.jdbi.v3.core.ConnectionException if it is not there for certain
   */
  void write(Checkout checkout);
}

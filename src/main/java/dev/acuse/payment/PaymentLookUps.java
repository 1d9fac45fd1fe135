package dev.acuse.payment;

/** Has payments looked up by their ordinary handler. */
@FunctionalInterface
public interface PaymentLookUps {
  /**
   * Queues a look-up; when this returns, it is on disk.
   *
   * @param why the same payment for the same reason is one look-up
   */
  void lookUp(String mpPaymentId, String why);
}

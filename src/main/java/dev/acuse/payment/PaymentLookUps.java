package dev.acuse.payment;

/** Has payments looked up by their ordinary handler. */
@FunctionalInterface
public interface PaymentLookUps {
  /**
   * Queues a look-up; when this returns, it is on disk.
   *
   * @param accountId whose payment it is
   * @param why the same payment for the same reason is one look-up
   */
  void lookUp(long accountId, String mpPaymentId, String why);
}

package dev.acuse.payment;

import dev.acuse.remote.RemoteException;

/** What checkouts need of a payment provider. Implementations are thread-safe. */
public interface Preferences {

  /** Each account's own. Thread-safe. */
  @FunctionalInterface
  interface OfAccounts {
    /** Those of an account; they are refused for lack of a token if there is no such account. */
    Preferences of(long accountId);
  }

  /**
   * A preference: the provider's page on which a checkout is paid.
   *
   * @param id the provider's id of it
   * @param initPoint the address to send the customer to
   */
  record Preference(String id, String initPoint) {}

  /**
   * Creates the preference for a checkout. Idempotent by the checkout's external reference, as far
   * as the provider's idempotency key reaches.
   *
   * @throws RemoteException sorted by what to do next
   */
  Preference create(CheckoutRequest checkout) throws RemoteException;
}

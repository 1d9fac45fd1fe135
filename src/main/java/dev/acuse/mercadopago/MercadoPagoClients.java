package dev.acuse.mercadopago;

/** Asks MercadoPago for each account, by its own token. Thread-safe. */
@FunctionalInterface
public interface MercadoPagoClients {
  /**
   * The client of an account: its token, its lane, its breaker. One without a token if there is no
   * such account.
   */
  MercadoPagoClient of(long accountId);
}

package dev.acuse.mercadopago.reconciliation;

/**
 * Rows of our own that are to be looked at again, each by a time of its own. MercadoPago may have
 * told of a change in vain, and lists no such things by their changes.
 */
@FunctionalInterface
public interface DueLooks {
  /** Nothing is. */
  DueLooks NONE = accountId -> {};

  /**
   * Has those of an account looked up that are due, a few at a time, by events of our own. May be
   * repeated. Throws {@link org.jdbi.v3.core.JdbiException} if the database is out of reach.
   */
  void queue(long accountId);

  /** These, and then others. */
  default DueLooks and(DueLooks others) {
    return accountId -> {
      queue(accountId);
      others.queue(accountId);
    };
  }
}

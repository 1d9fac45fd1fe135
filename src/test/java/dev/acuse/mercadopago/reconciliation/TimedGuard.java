package dev.acuse.mercadopago.reconciliation;

import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteException;
import org.jspecify.annotations.Nullable;

/** Has a test's clock go on, or a test wait, before each call. */
class TimedGuard implements Guard {
  private final Runnable before;

  TimedGuard(Runnable before) {
    this.before = before;
  }

  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    before.run();
    return exchange.run();
  }
}

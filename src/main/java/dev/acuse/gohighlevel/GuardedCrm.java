package dev.acuse.gohighlevel;

import dev.acuse.payment.Crm;
import dev.acuse.remote.Downstream;
import dev.acuse.remote.RemoteException;
import java.util.List;
import java.util.Optional;

/**
 * The CRM behind its breaker. It stands here because {@code payment} must know nothing of
 * dispatching, nor the CRM's own package.
 */
public final class GuardedCrm implements Crm {
  private final Crm crm;
  private final Downstream downstream;

  public GuardedCrm(Crm crm, Downstream downstream) {
    this.crm = crm;
    this.downstream = downstream;
  }

  @Override
  public List<String> addTags(String contactId, List<String> tags) throws RemoteException {
    return downstream.call(() -> crm.addTags(contactId, tags));
  }

  @Override
  public Optional<String> findContactByEmail(String email) throws RemoteException {
    return downstream.call(() -> crm.findContactByEmail(email));
  }
}

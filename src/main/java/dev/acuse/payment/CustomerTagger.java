package dev.acuse.payment;

import dev.acuse.payment.state.Payment;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.ExternalId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the tags that are due for a payment on the customer's contact, once each. It claims them,
 * calls the CRM outside any transaction, and records them; should the process die in between, the
 * claim runs out and the next handler calls once more. Thread-safe.
 */
public final class CustomerTagger {
  private static final Logger LOGGER = LoggerFactory.getLogger(CustomerTagger.class);

  private final PaymentStore store;
  private final Crm crm;
  private final Duration claimFor;
  private final boolean findContactByEmail;

  /**
   * @param claimFor how long a claim keeps others away; longer than a call of the CRM may take
   * @param findContactByEmail whether to search the CRM for the payer where no contact is known
   */
  public CustomerTagger(
      PaymentStore store, Crm crm, Duration claimFor, boolean findContactByEmail) {
    this.store = store;
    this.crm = crm;
    this.claimFor = claimFor;
    this.findContactByEmail = findContactByEmail;
  }

  /** The name of the CRM that is called. */
  public String crmName() {
    return crm.name();
  }

  /**
   * The same for a payment that was applied just now. If that showed that nobody need be called,
   * the database is not asked once more.
   *
   * @throws RemoteException if the CRM did not take the tags; they stay outstanding and unclaimed
   */
  public TagResult tag(Applied applied) throws RemoteException {
    TagResult known = applied.tags();
    return known == null ? tag(applied.payment()) : known;
  }

  /**
   * Makes the contact wear what it should for this payment, as the payment stands now.
   *
   * @throws RemoteException if the CRM did not take the tags; they stay outstanding and unclaimed
   */
  public TagResult tag(Payment payment) throws RemoteException {
    TagClaim claim = claim(payment.id());
    if (claim.result() == TagResult.NO_CONTACT && findContact(claim.payment())) {
      claim = claim(payment.id());
    }
    String contactId = claim.contactId();
    if (contactId != null && !claim.tags().isEmpty()) {
      call(contactId, claim);
    }
    return claim.result();
  }

  private TagClaim claim(long paymentId) {
    return store.claimTags(paymentId, UUID.randomUUID().toString(), claimFor);
  }

  private boolean findContact(Payment payment) throws RemoteException {
    String email = payment.payerEmail();
    if (!findContactByEmail || email == null) {
      return false;
    }
    Optional<String> contactId = crm.findContactByEmail(email);
    if (contactId.isEmpty()) {
      return false;
    }
    if (!ExternalId.matches(contactId.get())) {
      throw new RemoteException.BadResponse("the CRM's contact has no usable id", null, null);
    }
    store.setContact(payment.id(), contactId.get());
    return true;
  }

  private void call(String contactId, TagClaim claim) throws RemoteException {
    try {
      crm.addTags(contactId, claim.tags());
    } catch (RemoteException | RuntimeException e) {
      release(claim, e);
      throw e;
    }
    if (!store.markApplied(claim)) {
      LOGGER.warn(
          "the CRM took longer to tag for payment {} than the claim lasts ({} s); it may be called"
              + " twice",
          claim.payment().id(),
          claimFor.toSeconds());
    }
  }

  /** The CRM's failure is the one to report; a claim that cannot be given back runs out. */
  private void release(TagClaim claim, Exception failure) {
    try {
      store.release(claim);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}

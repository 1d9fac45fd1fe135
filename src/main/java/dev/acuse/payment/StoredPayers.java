package dev.acuse.payment;

import dev.acuse.effect.Subject;
import dev.acuse.event.Scope;
import dev.acuse.payment.state.Payment;
import java.util.Optional;

/** The payers of the payments that are stored here. Thread-safe. */
public final class StoredPayers implements PayerContacts {
  private final PaymentReader reader;
  private final PaymentStore store;

  /** Reads and sets by these. */
  public StoredPayers(PaymentReader reader, PaymentStore store) {
    this.reader = reader;
    this.store = store;
  }

  @Override
  public Optional<String> emailOf(long accountId, Subject subject) {
    return subject
        .paymentId()
        .flatMap(id -> reader.payment(Scope.of(accountId), id))
        .filter(payment -> payment.accountId() == accountId)
        .filter(payment -> payment.contactId() == null && payment.checkoutId() == null)
        .map(Payment::payerEmail);
  }

  @Override
  public void found(long accountId, Subject subject, String contactId) {
    subject.paymentId().ifPresent(id -> store.setContact(accountId, id, contactId));
  }
}

package dev.acuse.payment;

import dev.acuse.effect.Subject;
import java.util.Optional;

/**
 * The contacts of payers, as far as a CRM is searched for them. Implementations are thread-safe.
 */
public interface PayerContacts {

  /**
   * The e-mail address of a subject's payer; empty if a contact is known by now, or no address, or
   * if the subject is another account's.
   */
  Optional<String> emailOf(long accountId, Subject subject);

  /**
   * Sets the contact that was found; what is due for the subject is due for that contact from then
   * on.
   *
   * @param contactId of the form of an id of the CRM's
   */
  void found(long accountId, Subject subject, String contactId);
}

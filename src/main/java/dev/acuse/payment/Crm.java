package dev.acuse.payment;

import dev.acuse.remote.RemoteException;
import java.util.List;
import java.util.Optional;

/** What payments need of a CRM. Implementations are thread-safe. */
public interface Crm {

  /** The CRM's name in {@code waits_for}, metrics and logs. */
  String name();

  /**
   * Adds tags to a contact and leaves its other tags alone. Idempotent: adding a tag twice changes
   * nothing.
   *
   * @param tags lower-case, without blanks around them
   * @return the tags that were new on the contact
   * @throws RemoteException sorted by what to do next
   */
  List<String> addTags(String contactId, List<String> tags) throws RemoteException;

  /**
   * The contact with exactly this e-mail address.
   *
   * @throws RemoteException sorted by what to do next
   */
  Optional<String> findContactByEmail(String email) throws RemoteException;
}

package dev.acuse.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.ExternalId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** GoHighLevel as the CRM. Thread-safe. */
public final class GoHighLevelCrm {
  /** GoHighLevel's name in {@code waits_for}, metrics and logs. */
  public static final String NAME = "gohighlevel";

  private final GoHighLevelClient client;

  /** Asks GoHighLevel through this client. */
  public GoHighLevelCrm(GoHighLevelClient client) {
    this.client = client;
  }

  /**
   * Adds tags to a contact and leaves its other tags alone. Adding a tag twice changes nothing.
   *
   * <p>GoHighLevel keeps tags in lower case and answers with all that the contact now wears; only
   * an answer that shows the tags is believed.
   *
   * @param tags lower-case, without blanks around them
   * @return the tags that were new on the contact
   * @throws RemoteException sorted by what to do next
   */
  public List<String> addTags(String contactId, List<String> tags) throws RemoteException {
    if (!ExternalId.matches(contactId)) {
      // as GoHighLevel would answer, but it must not get into a URL to be asked
      throw new RemoteException.Rejected(
          "not a contact id of GoHighLevel's; it was not asked", 400);
    }
    List<String> wanted =
        tags.stream().map(GoHighLevelCrm::normal).filter(tag -> !tag.isEmpty()).distinct().toList();
    if (wanted.isEmpty()) {
      return List.of();
    }
    return client.addTags(contactId, wanted, answer -> added(answer, wanted));
  }

  private static List<String> added(RemoteAnswer answer, List<String> wanted)
      throws RemoteException {
    JsonNode body = answer.object();
    if (!body.path("tags").isArray()) {
      throw answer.notUnderstood("no tags");
    }
    if (!tags(body.path("tags")).containsAll(wanted)) {
      throw answer.bad("tags that lack what was added");
    }
    Set<String> added = tags(body.path("tagsAdded"));
    return wanted.stream().filter(added::contains).toList();
  }

  /**
   * The contact with exactly this e-mail address.
   *
   * <p>GoHighLevel's search follows the location's settings for duplicates and may match by other
   * rules: what it finds counts only if the address is the same but for its case, be it the
   * contact's first or a further one. What can't be an address is not searched for, because
   * GoHighLevel refuses it (422); an address that it refuses all the same has no contact.
   *
   * @throws RemoteException sorted by what to do next
   */
  public Optional<String> findContactByEmail(String email) throws RemoteException {
    String address = normal(email);
    if (!EmailAddress.matches(address)) {
      return Optional.empty();
    }
    JsonNode contact;
    try {
      contact = client.findDuplicate(address);
    } catch (RemoteException.Rejected e) {
      return Optional.empty();
    }
    String id = contact.path("id").asText("");
    boolean same = addresses(contact).contains(address);
    return same && ExternalId.matches(id) ? Optional.of(id) : Optional.empty();
  }

  /** Further addresses are texts, or objects with one. */
  private static Set<String> addresses(JsonNode contact) {
    var addresses = new HashSet<String>();
    addresses.add(normal(contact.path("email").asText("")));
    for (JsonNode further : contact.path("additionalEmails")) {
      JsonNode address = further.isObject() ? further.path("email") : further;
      addresses.add(normal(address.asText("")));
    }
    return addresses;
  }

  private static Set<String> tags(JsonNode list) {
    var tags = new HashSet<String>();
    for (JsonNode tag : list) {
      if (tag.isTextual()) {
        tags.add(normal(tag.asText()));
      }
    }
    return tags;
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}

package dev.acuse.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.payment.Crm;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.ExternalId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** GoHighLevel as the CRM. Thread-safe. */
public final class GoHighLevelCrm implements Crm {
  /** GoHighLevel's name in {@code waits_for}, metrics and logs. */
  public static final String NAME = "gohighlevel";

  private final GoHighLevelClient client;

  /** Asks GoHighLevel through this client. */
  public GoHighLevelCrm(GoHighLevelClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * {@inheritDoc}
   *
   * <p>GoHighLevel keeps tags in lower case and answers with all that the contact now wears; only
   * an answer that shows the tags is believed.
   */
  @Override
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
      throws RemoteException.BadResponse {
    JsonNode body = answer.object();
    if (!tags(body.path("tags")).containsAll(wanted)) {
      throw answer.bad("tags that lack what was added");
    }
    Set<String> added = tags(body.path("tagsAdded"));
    return wanted.stream().filter(added::contains).toList();
  }

  /**
   * {@inheritDoc}
   *
   * <p>GoHighLevel's search follows the location's settings for duplicates and may match by other
   * rules: what it finds counts only if the address is the same but for its case.
   */
  @Override
  public Optional<String> findContactByEmail(String email) throws RemoteException {
    String address = normal(email);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    JsonNode contact = client.findDuplicate(address);
    String id = contact.path("id").asText("");
    boolean same = normal(contact.path("email").asText("")).equals(address);
    return same && ExternalId.matches(id) ? Optional.of(id) : Optional.empty();
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

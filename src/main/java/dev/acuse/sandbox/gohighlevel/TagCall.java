package dev.acuse.sandbox.gohighlevel;

import java.time.Instant;
import java.util.List;

/**
 * A call that added or removed tags of a contact and was carried out.
 *
 * @param locationId of the contact; two locations may have a contact of one id
 * @param tags as asked for, in lower case
 * @param changed those that were really added or removed
 */
public record TagCall(
    String locationId,
    String contactId,
    boolean added,
    List<String> tags,
    List<String> changed,
    Instant at) {
  public TagCall {
    tags = List.copyOf(tags);
    changed = List.copyOf(changed);
  }
}

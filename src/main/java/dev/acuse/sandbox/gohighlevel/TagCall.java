package dev.acuse.sandbox.gohighlevel;

import java.time.Instant;
import java.util.List;

/**
 * A call that added or removed tags of a contact and was carried out.
 *
 * @param tags as asked for, in lower case
 * @param changed those that were really added or removed
 */
public record TagCall(
    String contactId, boolean added, List<String> tags, List<String> changed, Instant at) {
  public TagCall {
    tags = List.copyOf(tags);
    changed = List.copyOf(changed);
  }
}

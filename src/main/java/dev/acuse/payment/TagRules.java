package dev.acuse.payment;

import dev.acuse.payment.state.PaymentStage;
import dev.acuse.text.Text;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which tags a contact should wear for a payment in a status. Immutable.
 *
 * <p>Tags are lower-case and without blanks around them, as the CRM keeps them (GoHighLevel facts,
 * section 3); a tag sent otherwise would never be found again.
 */
public final class TagRules {
  /** What a column of ours can hold. */
  static final int MAX_TAG_LENGTH = 128;

  private final Map<String, List<String>> tagsByStatus;

  /**
   * @param tags by MercadoPago's payment status
   * @throws IllegalArgumentException if a status or a tag is blank, too long or not one line, or a
   *     status is named twice; the message names the key
   */
  public TagRules(Map<String, List<String>> tags) {
    Map<String, List<String>> rules = new LinkedHashMap<>();
    tags.forEach(
        (status, list) -> {
          String key = statusOf(status);
          if (rules.put(key, tagsOf("tags." + key, list)) != null) {
            throw new IllegalArgumentException("tags names the status " + key + " twice");
          }
        });
    this.tagsByStatus = Map.copyOf(rules);
  }

  /** The tags for a status, without repetition; empty if there are none. */
  public List<String> tagsFor(String status) {
    return tagsByStatus.getOrDefault(status, List.of());
  }

  /**
   * The statuses with tags in which a payment was never accredited; empty if only accredited ones
   * have any.
   */
  Set<String> statusesBeforeApproval() {
    return tagsByStatus.entrySet().stream()
        .filter(rule -> !rule.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .filter(status -> PaymentStage.of(status).isBeforeApproval())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The form in which a status of the configuration is compared with MercadoPago's. */
  static String statusOf(String configured) {
    String status = configured.strip().toLowerCase(Locale.ROOT);
    if (status.isEmpty()) {
      throw new IllegalArgumentException("tags names a blank status");
    }
    return status;
  }

  private static List<String> tagsOf(String key, @Nullable List<String> configured) {
    if (configured == null) {
      throw new IllegalArgumentException(key + " must be a list of tags");
    }
    var tags = new LinkedHashSet<String>();
    for (int i = 0; i < configured.size(); i++) {
      tags.add(tagOf(key + "[" + i + "]", configured.get(i)));
    }
    return List.copyOf(tags);
  }

  private static String tagOf(String key, @Nullable String configured) {
    if (configured == null || configured.isBlank()) {
      throw new IllegalArgumentException(key + " must not be blank");
    }
    String tag = configured.strip().toLowerCase(Locale.ROOT);
    if (tag.length() > MAX_TAG_LENGTH) {
      throw new IllegalArgumentException(key + " is longer than " + MAX_TAG_LENGTH + " characters");
    }
    if (!Text.isOneLine(tag)) {
      throw new IllegalArgumentException(key + " holds a control character");
    }
    return tag;
  }
}

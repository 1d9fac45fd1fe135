package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.payment.ContactTag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payment with the tags that its contact should wear.
 *
 * @param effects what it and its checkout want of other systems
 */
record PaymentDetail(
    @JsonUnwrapped PaymentView payment, List<Tag> tags, List<EffectSummary> effects) {

  /** A tag, and when the CRM confirmed it; null while it is outstanding. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Tag(String contactId, String tag, @Nullable Instant appliedAt) {
    static Tag of(ContactTag tag) {
      return new Tag(tag.contactId(), tag.tag(), tag.appliedAt());
    }
  }
}

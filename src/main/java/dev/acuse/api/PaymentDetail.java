package dev.acuse.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.dispute.Dispute;
import dev.acuse.order.Order;
import dev.acuse.payment.ContactTag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payment with the tags that its contact should wear.
 *
 * @param effects what it and its checkout want of other systems
 * @param orders those that it belongs to
 * @param disputes what is held against it
 */
record PaymentDetail(
    @JsonUnwrapped PaymentView payment,
    List<Tag> tags,
    List<EffectSummary> effects,
    List<OrderLink> orders,
    List<DisputeLink> disputes) {

  /** A tag, and when the CRM confirmed it; null while it is outstanding. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Tag(String contactId, String tag, @Nullable Instant appliedAt) {
    static Tag of(ContactTag tag) {
      return new Tag(tag.contactId(), tag.tag(), tag.appliedAt());
    }
  }

  /** An order of the payment; by its id more is told of it. */
  @JsonNaming(SnakeCaseStrategy.class)
  record OrderLink(
      long id,
      String mpOrderId,
      String status,
      @Nullable String statusDetail,
      String paymentStatus) {
    static OrderLink of(Order order) {
      return new OrderLink(
          order.id(),
          order.mpOrderId(),
          order.status(),
          order.statusDetail(),
          order.paymentStatus().code());
    }
  }

  /** A dispute of the payment; by its id more is told of it. */
  @JsonNaming(SnakeCaseStrategy.class)
  record DisputeLink(
      long id, String kind, @Nullable String mpId, String state, @Nullable Instant deadline) {
    static DisputeLink of(Dispute dispute) {
      return new DisputeLink(
          dispute.id(),
          dispute.kind().code(),
          dispute.mpId(),
          dispute.state().code(),
          dispute.details().deadline());
    }
  }
}

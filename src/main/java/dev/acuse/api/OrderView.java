package dev.acuse.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.acuse.order.Order;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order of MercadoPago's Orders API as the API shows it.
 *
 * @param account the name of the account whose it is
 * @param status MercadoPago's word, as it stands there
 * @param paymentStatus what its words mean for the money
 */
@JsonNaming(SnakeCaseStrategy.class)
record OrderView(
    long id,
    String account,
    String mpOrderId,
    @Nullable String type,
    @Nullable String externalReference,
    String status,
    @Nullable String statusDetail,
    String paymentStatus,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal paidAmount,
    @Nullable String currency,
    @Nullable Instant mpCreatedAt,
    @Nullable Instant mpUpdatedAt,
    @Nullable Instant nextLookAt,
    Instant createdAt,
    Instant updatedAt) {

  static OrderView of(Order order, AccountNames names) {
    return new OrderView(
        order.id(),
        names.ofOne(order.accountId()),
        order.mpOrderId(),
        order.type(),
        order.externalReference(),
        order.status(),
        order.statusDetail(),
        order.paymentStatus().code(),
        order.amount(),
        order.paidAmount(),
        order.currency(),
        order.mpCreatedAt(),
        order.mpUpdatedAt(),
        order.nextLookAt(),
        order.createdAt(),
        order.updatedAt());
  }
}

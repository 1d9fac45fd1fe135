package dev.acuse.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A payment of the sandbox at one moment. */
record PaymentState(
    long id,
    long orderId,
    @Nullable String externalReference,
    @Nullable String contactId,
    BigDecimal amount,
    String currency,
    String email,
    String status,
    String statusDetail,
    Instant createdAt,
    Instant updatedAt) {

  PaymentState changed(String newStatus, String newDetail, Instant at) {
    return new PaymentState(
        id,
        orderId,
        externalReference,
        contactId,
        amount,
        currency,
        email,
        newStatus,
        newDetail,
        createdAt,
        at);
  }
}

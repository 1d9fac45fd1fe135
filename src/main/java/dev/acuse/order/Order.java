package dev.acuse.order;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order of MercadoPago's Orders API as it is kept here.
 *
 * @param id our own
 * @param accountId whose it is
 * @param mpOrderId MercadoPago's, for example {@code ORD01…}
 * @param type {@code online}, {@code point}, {@code qr}, …; null if MercadoPago did not say
 * @param status MercadoPago's word, of an open set
 * @param statusDetail its second word; null if absent
 * @param paymentStatus what that means for the money
 * @param amount what is to be paid, in units of the currency; null if not known
 * @param paidAmount what was paid, in the same units; null if not known
 * @param mpCreatedAt when it was made, by MercadoPago's clock; null if not known
 * @param mpUpdatedAt when MercadoPago last changed it, by its clock; null if not known
 * @param nextLookAt when it is looked up again; null if it no longer is
 * @param createdAt when it first came here, by our clock
 * @param updatedAt when the row last changed, by our clock
 */
public record Order(
    long id,
    long accountId,
    String mpOrderId,
    @Nullable String type,
    @Nullable String externalReference,
    String status,
    @Nullable String statusDetail,
    OrderPaymentStatus paymentStatus,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal paidAmount,
    @Nullable String currency,
    @Nullable Instant mpCreatedAt,
    @Nullable Instant mpUpdatedAt,
    @Nullable Instant nextLookAt,
    Instant createdAt,
    Instant updatedAt) {

  /** The same, to be looked up again at another time. */
  Order withNextLook(@Nullable Instant next) {
    return with(next, updatedAt);
  }

  /** Whether both say the same, but for when they were written and are looked up again. */
  boolean isAs(Order other) {
    return with(other.nextLookAt, other.updatedAt).equals(other);
  }

  private Order with(@Nullable Instant next, Instant written) {
    return new Order(
        id,
        accountId,
        mpOrderId,
        type,
        externalReference,
        status,
        statusDetail,
        paymentStatus,
        amount,
        paidAmount,
        currency,
        mpCreatedAt,
        mpUpdatedAt,
        next,
        createdAt,
        written);
  }
}

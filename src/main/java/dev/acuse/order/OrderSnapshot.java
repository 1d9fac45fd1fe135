package dev.acuse.order;

import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What MercadoPago says of an order now, as it fits the columns: text that is shown is cut, what
 * identifies something is whole or absent, and an amount or a date that no column holds is absent.
 *
 * @param mpOrderId MercadoPago's id, as it writes it
 * @param type {@code online}, {@code point}, {@code qr}, …; null if absent
 * @param status MercadoPago's word
 * @param statusDetail its second word; null if absent
 * @param amount what is to be paid, in units of the currency
 * @param paidAmount what was paid, in the same units; interest that the payer pays may be in it
 * @param currency as ISO 4217 has it; null if neither it nor the country is told
 * @param mpCreatedAt {@code created_date}; null if absent or unreadable
 * @param mpUpdatedAt {@code last_updated_date}; null if absent or unreadable
 */
public record OrderSnapshot(
    String mpOrderId,
    @Nullable String type,
    @Nullable String externalReference,
    String status,
    @Nullable String statusDetail,
    @Nullable BigDecimal amount,
    @Nullable BigDecimal paidAmount,
    @Nullable String currency,
    @Nullable Instant mpCreatedAt,
    @Nullable Instant mpUpdatedAt) {
  private static final int MONEY_SCALE = 4;
  private static final int MONEY_INTEGER_DIGITS = 15;

  /** Dates of year 1 stand for none. No order is older than MercadoPago's first API. */
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /**
   * @throws IllegalArgumentException if the id is blank or longer than 64 characters
   */
  public OrderSnapshot {
    if (mpOrderId.isBlank() || Text.exact(mpOrderId, 64) == null) {
      throw new IllegalArgumentException("an order's id has 1 to 64 characters");
    }
    type = Text.fit(type, 32);
    externalReference = Text.exact(externalReference, 256);
    status = Objects.requireNonNullElse(Text.fit(status, 64), "unknown");
    statusDetail = Text.fit(statusDetail, 128);
    amount = money(amount);
    paidAmount = money(paidAmount);
    currency = Text.exact(currency, 8);
    mpCreatedAt = time(mpCreatedAt);
    mpUpdatedAt = time(mpUpdatedAt);
  }

  private static @Nullable BigDecimal money(@Nullable BigDecimal amount) {
    if (amount == null) {
      return null;
    }
    BigDecimal stripped = amount.stripTrailingZeros();
    boolean fits =
        stripped.scale() <= MONEY_SCALE
            && (long) stripped.precision() - stripped.scale() <= MONEY_INTEGER_DIGITS;
    return fits ? amount.setScale(MONEY_SCALE) : null;
  }

  private static @Nullable Instant time(@Nullable Instant time) {
    return time == null || time.isBefore(EARLIEST) || time.isAfter(LATEST)
        ? null
        : time.truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Whether MercadoPago says that all of it is paid: {@code processed} alone is also said of what
   * was refunded, and {@code accredited} of less than the whole.
   */
  public boolean saysPaid() {
    return status.equals("processed")
        && "accredited".equals(statusDetail)
        && amount != null
        && paidAmount != null
        && paidAmount.compareTo(amount) >= 0;
  }

  /**
   * What the order's money has come to.
   *
   * @param isShown whether a payment of it that was accredited is here. Without one, an order is
   *     never taken for paid, whatever it says
   */
  OrderPaymentStatus paymentStatus(boolean isShown) {
    OrderPaymentStatus said = OrderPaymentStatus.of(status, statusDetail);
    if (said != OrderPaymentStatus.APPROVED) {
      return said;
    }
    boolean isWhole = saysPaid() || "partially_refunded".equals(statusDetail);
    return isShown && isWhole ? OrderPaymentStatus.APPROVED : OrderPaymentStatus.PENDING;
  }
}

package dev.acuse.order;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an order's status means for its money, in the words of payments. MercadoPago's Magento
 * plugin ({@code OrderApiStatusMapper}) and its pages on the status of orders have the same table.
 * Its set of words is open. The constants stand in the order in which an order usually gets there.
 */
public enum OrderPaymentStatus {
  /** A word, or a pair of words, that is not known. */
  UNKNOWN,
  /** The payer has not finished, or MercadoPago has not; or no payment of it is here yet. */
  PENDING,
  /** Reserved on a card, not captured. */
  AUTHORIZED,
  /** The payment was refused. */
  REJECTED,
  /** Cancelled or expired without money. */
  CANCELLED,
  /** Paid; a part of it may have been refunded. */
  APPROVED,
  /** Paid and disputed. */
  IN_MEDIATION,
  /** Paid back. */
  REFUNDED,
  /** Taken back by the card's bank, or about to be. */
  CHARGED_BACK;

  /** The word used in the database and the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads {@link #code()} back; {@link #UNKNOWN} for a word that this version does not have. */
  public static OrderPaymentStatus of(String code) {
    for (OrderPaymentStatus status : values()) {
      if (status.code().equals(code)) {
        return status;
      }
    }
    return UNKNOWN;
  }

  /**
   * What the words of an order, or of a payment in it, mean.
   *
   * @param detail null if absent: {@code processed} alone is also said of what was refunded
   */
  public static OrderPaymentStatus of(String status, @Nullable String detail) {
    String more = detail == null ? "" : detail;
    return switch (status) {
      case "created", "at_terminal", "processing", "in_review" -> PENDING;
      case "action_required" -> more.equals("waiting_capture") ? AUTHORIZED : PENDING;
      case "processed" ->
          switch (more) {
            case "accredited", "partially_refunded" -> APPROVED;
            case "refunded" -> REFUNDED;
            default -> UNKNOWN;
          };
      case "failed" -> REJECTED;
      case "canceled", "cancelled", "expired" -> CANCELLED;
      case "refunded" -> REFUNDED;
      case "charged_back" -> CHARGED_BACK;
      case "in_mediation" -> IN_MEDIATION;
      default -> UNKNOWN;
    };
  }

  /** Whether it may change without a word of MercadoPago's that is sure to come. */
  public boolean isOpen() {
    return this == UNKNOWN || this == PENDING || this == AUTHORIZED;
  }

  /**
   * Whether the order's words say that money was received, however it went on: a payment that shows
   * it must then be found.
   *
   * @param status MercadoPago's
   */
  public static boolean saysMoney(String status) {
    return switch (status) {
      case "processed", "refunded", "charged_back", "in_mediation" -> true;
      default -> false;
    };
  }
}

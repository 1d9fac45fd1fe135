package dev.acuse.mercadopago;

import dev.acuse.order.OrderPaymentStatus;
import dev.acuse.order.OrderSnapshot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An order of the Orders API as MercadoPago gives it. A {@link MerchantOrder} is something else.
 *
 * @param sellerId whose it is; null if absent
 * @param entries what it lists as payments, refused ones too
 */
public record MercadoPagoOrder(
    OrderSnapshot snapshot, @Nullable String sellerId, List<Entry> entries) {
  public MercadoPagoOrder {
    entries = List.copyOf(entries);
  }

  /**
   * A payment as its order lists it. Its own id ({@code PAY…}) and its {@code reference_id} are no
   * ids of payments: {@code /v1/payments} does not know them.
   *
   * @param status MercadoPago's word; null if absent
   * @param mpPaymentId the numeric id, where the order names it; a hint
   */
  public record Entry(@Nullable String status, @Nullable String mpPaymentId) {
    private boolean saysMoney() {
      return status != null && OrderPaymentStatus.saysMoney(status);
    }
  }

  /** MercadoPago's id. */
  public String id() {
    return snapshot.mpOrderId();
  }

  /** The numeric ids of payments that it names; hints. */
  public List<String> paymentHints() {
    return entries.stream().map(Entry::mpPaymentId).filter(Objects::nonNull).distinct().toList();
  }

  /** How many payments it says to have received money by, however that went on. */
  public int moneyPayments() {
    int listed = (int) entries.stream().filter(Entry::saysMoney).count();
    return OrderPaymentStatus.saysMoney(snapshot.status()) ? Math.max(1, listed) : listed;
  }
}

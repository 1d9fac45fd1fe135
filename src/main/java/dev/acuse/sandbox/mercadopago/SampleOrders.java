package dev.acuse.sandbox.mercadopago;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Orders of the Orders API that no sandbox has, to tell of by a sample notification. */
final class SampleOrders {
  private static final BigDecimal TOTAL = new BigDecimal("1500");
  private static final Set<String> WITHOUT_PAYMENT = Set.of("created", "expired");
  private static final Set<String> PAID =
      Set.of("processed", "refunded", "charged_back", "in_mediation");

  private SampleOrders() {}

  /**
   * An order with one payment, or none where it can't have one.
   *
   * @param paymentId in the Payments API; null for an invented payment
   */
  static SandboxOnlineOrder of(
      String id, OrderStanding standing, @Nullable Long paymentId, NotificationOrigin origin) {
    Instant now = origin.clock().instant();
    String currency = origin.site().get().currency();
    var payments =
        paymentId == null && WITHOUT_PAYMENT.contains(standing.status())
            ? List.<SandboxOnlineOrder.Payment>of()
            : List.of(payment(standing, paymentId, currency, origin));
    return new SandboxOnlineOrder(
        id,
        new SandboxOnlineOrder.Terms(
            paymentId == null ? "online" : "point", "order-1", TOTAL, currency),
        now,
        now,
        standing,
        1,
        payments,
        List.of(),
        Set.of());
  }

  private static SandboxOnlineOrder.Payment payment(
      OrderStanding standing,
      @Nullable Long paymentId,
      String currency,
      NotificationOrigin origin) {
    var terms =
        new SandboxPayment.Terms(TOTAL, currency, "order-1", null, origin.userId(), Map.of());
    PaymentOutcome outcome =
        PAID.contains(standing.status()) ? PaymentOutcome.APPROVED : PaymentOutcome.PENDING;
    var payment =
        SandboxPayment.of(
            paymentId == null ? 1 : paymentId, 0, terms, outcome, origin.clock().instant());
    var ids = new OnlineOrderIds(origin.clock());
    return new SandboxOnlineOrder.Payment(ids.next("PAY"), ids.nextReference(), payment, standing);
  }
}

package dev.acuse.sandbox;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Signed sample notifications by name, for trying a receiver out. */
public final class Samples {
  private static final Map<String, BiFunction<Notifications, String, Notification>> SAMPLES =
      new TreeMap<>(
          Map.of(
              "payment.created", (all, id) -> all.payment(id, "payment.created"),
              "payment.updated", (all, id) -> all.payment(id, "payment.updated"),
              "payment.approved", (all, id) -> all.payment(id, "payment.updated"),
              "merchant_order.opened", (all, id) -> all.merchantOrder(id, "create", "opened"),
              "merchant_order.closed", (all, id) -> all.merchantOrder(id, "update", "closed"),
              "ipn.payment", Notifications::ipnPayment,
              "ipn.merchant_order", Notifications::ipnMerchantOrder,
              "fraud_alert", Notifications::fraudAlert,
              "simulated", (all, id) -> all.simulated()));

  private Samples() {}

  /** The names there are. */
  public static Set<String> names() {
    return SAMPLES.keySet();
  }

  /**
   * A sample.
   *
   * @param id of the payment or order; digits
   * @throws IllegalArgumentException if there is no such sample
   */
  public static Notification of(String name, Notifications notifications, String id) {
    BiFunction<Notifications, String, Notification> sample = SAMPLES.get(name);
    if (sample == null) {
      throw new IllegalArgumentException("no sample " + name + "; there are " + names());
    }
    return sample.apply(notifications, id);
  }
}

package dev.acuse.mercadopago;

import java.util.Locale;
import java.util.Set;

/**
 * The notification topics that Acuse must tell apart (MercadoPago, Webhooks and IPN pages). The set
 * is open: anything else is a topic too.
 */
final class Topics {
  static final String PAYMENT = "payment";
  static final String MERCHANT_ORDER = "merchant_order";
  static final String MERCHANT_ORDER_WEBHOOK = "topic_merchant_order_wh";
  static final String FRAUD_ALERT = "stop_delivery_op_wh";

  private static final Set<String> NUMERIC =
      Set.of(PAYMENT, MERCHANT_ORDER, MERCHANT_ORDER_WEBHOOK, FRAUD_ALERT);

  private Topics() {}

  /** Whether the resources of a topic have ids of digits only. */
  static boolean hasNumericIds(String topic) {
    return NUMERIC.contains(topic.toLowerCase(Locale.ROOT));
  }

  static boolean isPayment(String topic) {
    return topic.equalsIgnoreCase(PAYMENT);
  }

  static boolean isMerchantOrder(String topic) {
    return topic.equalsIgnoreCase(MERCHANT_ORDER) || topic.equalsIgnoreCase(MERCHANT_ORDER_WEBHOOK);
  }

  static boolean isFraudAlert(String topic) {
    return topic.equalsIgnoreCase(FRAUD_ALERT);
  }
}

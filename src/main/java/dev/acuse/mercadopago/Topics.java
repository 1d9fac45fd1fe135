package dev.acuse.mercadopago;

import java.util.Locale;
import java.util.Set;

/**
 * The notification topics that Acuse must tell apart (MercadoPago, Webhooks and IPN pages). The set
 * is open: anything else is a topic too.
 */
public final class Topics {
  /** The source of MercadoPago's events, as it stands in their keys, rows and addresses. */
  public static final String SOURCE = "mp";

  public static final String PAYMENT = "payment";
  public static final String MERCHANT_ORDER = "merchant_order";
  public static final String MERCHANT_ORDER_WEBHOOK = "topic_merchant_order_wh";
  public static final String FRAUD_ALERT = "stop_delivery_op_wh";

  private static final Set<String> NUMERIC =
      Set.of(PAYMENT, MERCHANT_ORDER, MERCHANT_ORDER_WEBHOOK, FRAUD_ALERT);

  /** All that MercadoPago names by now, of webhooks and of IPN (its pages of both). */
  private static final Set<String> KNOWN =
      Set.of(
          PAYMENT,
          MERCHANT_ORDER,
          MERCHANT_ORDER_WEBHOOK,
          FRAUD_ALERT,
          "order",
          "orders",
          "chargebacks",
          "topic_chargebacks_wh",
          "claim",
          "topic_claims_integration_wh",
          "plan",
          "subscription",
          "invoice",
          "subscription_preapproval",
          "subscription_preapproval_plan",
          "subscription_authorized_payment",
          "mp-connect",
          "wallet_connect",
          "topic_card_id_wh",
          "automatic-payments",
          "point_integration_wh",
          "point_integration_ipn",
          "delivery",
          "delivery_cancellation");

  private Topics() {}

  /** All that MercadoPago has, as far as is known. */
  public static Set<String> known() {
    return KNOWN;
  }

  /** Whether MercadoPago has such a topic, as far as is known: it may have others. */
  public static boolean isKnown(String topic) {
    return KNOWN.contains(topic.toLowerCase(Locale.ROOT));
  }

  /** Whether the resources of a topic have ids of digits only. */
  public static boolean hasNumericIds(String topic) {
    return NUMERIC.contains(topic.toLowerCase(Locale.ROOT));
  }

  /** Whether it is about a payment. */
  public static boolean isPayment(String topic) {
    return topic.equalsIgnoreCase(PAYMENT);
  }

  /** Whether it is about a merchant order. */
  public static boolean isMerchantOrder(String topic) {
    return topic.equalsIgnoreCase(MERCHANT_ORDER) || topic.equalsIgnoreCase(MERCHANT_ORDER_WEBHOOK);
  }

  /** Whether it is a fraud alert. */
  public static boolean isFraudAlert(String topic) {
    return topic.equalsIgnoreCase(FRAUD_ALERT);
  }
}

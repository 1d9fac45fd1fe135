package dev.acuse.sandbox;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.OtherNotifications;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sample notification by name, for {@code trigger}. A notification says what to look at, not how
 * it stands: approved, rejected and refunded differ by their action only, and the receiver learns
 * the state from MercadoPago.
 */
public enum TriggerSample {
  // a card's payment is approved or rejected in the moment in which it is made
  PAYMENT_CREATED("payment.created", Id.PAYMENT, (make, id) -> make.paymentCreated(id.text())),
  PAYMENT_APPROVED("payment.approved", Id.PAYMENT, (make, id) -> make.paymentUpdated(id.text())),
  PAYMENT_REJECTED("payment.rejected", Id.PAYMENT, (make, id) -> make.paymentCreated(id.text())),
  PAYMENT_REFUNDED("payment.refunded", Id.PAYMENT, (make, id) -> make.paymentUpdated(id.text())),
  MERCHANT_ORDER(
      "merchant_order", Id.PAYMENT, (make, id) -> make.merchantOrder(id.text(), "closed")),
  IPN_PAYMENT("ipn.payment", Id.PAYMENT, (make, id) -> make.ipnPayment(id.text())),
  IPN_MERCHANT_ORDER(
      "ipn.merchant_order", Id.PAYMENT, (make, id) -> make.ipnMerchantOrder(id.text())),

  ORDER("order", OrderStanding.ACCREDITED),
  ORDER_CREATED("order.created", OrderStanding.CREATED),
  ORDER_ACTION_REQUIRED("order.action_required", OrderStanding.WAITING),
  ORDER_PROCESSING("order.processing", OrderStanding.PROCESSING),
  ORDER_PROCESSED("order.processed", OrderStanding.ACCREDITED),
  ORDER_FAILED("order.failed", new OrderStanding("failed", "rejected_by_issuer")),
  ORDER_REFUNDED("order.refunded", OrderStanding.PROCESSED_REFUNDED),
  ORDER_CANCELED("order.canceled", OrderStanding.CANCELED),
  ORDER_EXPIRED("order.expired", OrderStanding.EXPIRED),
  ORDER_CHARGED_BACK("order.charged_back", new OrderStanding("charged_back", "in_process")),
  ORDER_MINIMAL(
      "order.minimal", Id.ORDER, (make, id) -> make.orders().minimal(id.text(), "order.processed")),
  ORDER_SIMULATED(
      "order.simulated", Id.SIMULATED, (make, id) -> make.orders().simulated(id.text())),
  ORDERS("orders", Id.ORDER, (make, id) -> make.orders().olderSample(id.text())),

  CHARGEBACK(
      "chargeback",
      Id.CHARGEBACK,
      (make, id) -> make.disputes().chargeback(id.text(), id.paymentId())),
  CHARGEBACK_OF_ORDER(
      "chargeback.order",
      Id.CHARGEBACK,
      (make, id) -> make.orders().chargedBackSample(Id.ORDER.usual, id.text())),
  IPN_CHARGEBACK(
      "ipn.chargeback", Id.CHARGEBACK, (make, id) -> make.disputes().ipnChargeback(id.text())),
  CLAIM("claim", Id.CLAIM, (make, id) -> make.disputes().claim(id.number())),
  CLAIM_BY_PANEL_NAME(
      "topic_claims_integration_wh",
      Id.CLAIM,
      (make, id) -> make.disputes().claimByPanelName(id.number())),
  FRAUD_ALERT(
      "fraud_alert",
      Id.SIMULATED,
      (make, id) -> make.disputes().fraudAlert(id.text(), id.paymentOrSimulated(), null)),
  FRAUD_ALERT_2022(
      "fraud_alert.2022",
      Id.SIMULATED,
      (make, id) -> make.fraudAlert(id.paymentOrSimulated(), id.number())),
  IPN_FRAUD_ALERT(
      "ipn.fraud_alert", Id.SIMULATED, (make, id) -> make.disputes().ipnFraudAlert(id.number())),

  SUBSCRIPTION(
      "subscription_preapproval",
      Id.SUBSCRIPTION,
      (make, id) -> subscription(make, "subscription_preapproval", "preapproval", id)),
  SUBSCRIPTION_INVOICE(
      "subscription_authorized_payment",
      Id.CLAIM,
      (make, id) ->
          subscription(make, "subscription_authorized_payment", "authorized_payment", id)),
  SUBSCRIPTION_PLAN(
      "subscription_preapproval_plan",
      Id.SUBSCRIPTION,
      (make, id) -> subscription(make, "subscription_preapproval_plan", "preapproval_plan", id)),
  SELLER_LINKED("mp-connect", Id.NONE, (make, id) -> make.others().sellerLinked()),
  SELLER_UNLINKED("mp-connect.deauthorized", Id.NONE, (make, id) -> make.others().sellerUnlinked()),
  CARD_UPDATER("card_updater", Id.NONE, (make, id) -> make.others().cardUpdated()),
  DELIVERY("delivery", Id.SIMULATED, (make, id) -> make.others().delivery(id.text())),
  WALLET_CONNECT(
      "wallet_connect", Id.SUBSCRIPTION, (make, id) -> make.others().walletConnect(id.text())),
  POINT("point_integration_wh", Id.DEVICE, (make, id) -> make.others().point(id.text())),
  INVENTED(
      "invented",
      Id.SIMULATED,
      (make, id) -> make.others().invented("topic_of_tomorrow", id.text())),
  INVENTED_UNSIGNED(
      "invented.unsigned",
      Id.SIMULATED,
      (make, id) ->
          OtherNotifications.unsigned(make.others().invented("topic_of_tomorrow", id.text())));

  /** What ids of a sample's resources look like, and which one is sent if none is given. */
  private enum Id {
    /** Anything, as it has always been. */
    PAYMENT(".+", Notifications.SIMULATED_ID, "text"),
    SIMULATED("[0-9]{1,18}", Notifications.SIMULATED_ID, "a number"),
    ORDER("[0-9A-Z]+", "ORD01K0000000000000000000001", "of capitals and digits, as ORD01K…"),
    CHARGEBACK("[0-9]{1,18}", "217000060000000001", "a number"),
    CLAIM("[0-9]{1,18}", "5100000001", "a number"),
    SUBSCRIPTION("[0-9a-f]{32}", "0123456789abcdef0123456789abcdef", "of 32 digits 0-9 and a-f"),
    DEVICE("[0-9a-zA-Z-]+", "7c1e3a52-9b7f-4d0e-8a55-0f2d6c4b9e10", "of letters and digits"),
    /** It names no resource. */
    NONE(".*", "", "");

    private final String form;
    private final String usual;
    private final String said;

    Id(String form, String usual, String said) {
      this.form = form;
      this.usual = usual;
      this.said = said;
    }
  }

  /**
   * What to tell of.
   *
   * @param paymentId null if none is given
   */
  private record Given(String text, @Nullable Long paymentId) {
    long number() {
      return Long.parseLong(text);
    }

    long paymentOrSimulated() {
      return paymentId == null ? Long.parseLong(Notifications.SIMULATED_ID) : paymentId;
    }
  }

  private interface Builder {
    Notification build(Notifications make, Given given);
  }

  private final String sampleName;
  private final Id id;

  // Each is a lambda over constants.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Builder builder;

  TriggerSample(String sampleName, Id id, Builder builder) {
    this.sampleName = sampleName;
    this.id = id;
    this.builder = builder;
  }

  TriggerSample(String sampleName, OrderStanding standing) {
    this(
        sampleName,
        Id.ORDER,
        (make, given) -> make.orders().sample(given.text(), standing, given.paymentId()));
  }

  private static Notification subscription(
      Notifications make, String type, String entity, Given given) {
    return make.subscription(type, entity, given.text(), "updated", 1);
  }

  /** The sample of this name; empty for an unknown one. */
  public static Optional<TriggerSample> of(String name) {
    return Arrays.stream(values()).filter(sample -> sample.sampleName.equals(name)).findFirst();
  }

  /** The names of all samples. */
  public static List<String> names() {
    return Arrays.stream(values()).map(sample -> sample.sampleName).toList();
  }

  /**
   * The notification.
   *
   * @param resourceId of what it is about; null for an invented one of the right form
   * @param paymentId that the body names beside it, where the sample can; null for none
   * @throws IllegalArgumentException if the id has not the form of such a resource's; the message
   *     says which it is
   */
  public Notification build(
      Notifications notifications, @Nullable String resourceId, @Nullable Long paymentId) {
    String text = resourceId == null ? id.usual : resourceId;
    if (!text.matches(id.form)) {
      throw new IllegalArgumentException("the id of " + sampleName + " is " + id.said);
    }
    return builder.build(notifications, new Given(text, paymentId));
  }
}

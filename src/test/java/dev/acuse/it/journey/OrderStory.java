package dev.acuse.it.journey;

import dev.acuse.sandbox.mercadopago.OrderStanding;
import dev.acuse.sandbox.mercadopago.OrderTrait;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxChargeback;
import dev.acuse.sandbox.mercadopago.SandboxClaim;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What becomes of an order of the Orders API, step by step; each is of a checkout of 1,000. The
 * sandbox's books say what is right, so this says only what happens.
 */
@SuppressWarnings("ImmutableEnumChecker") // its collections are unmodifiable
enum OrderStory {
  PAID(pay(PaymentOutcome.APPROVED)),
  PAID_LATER(pay(PaymentOutcome.PENDING), become(PaymentOutcome.APPROVED)),
  CAPTURED(pay(PaymentOutcome.AUTHORIZED), become(PaymentOutcome.APPROVED)),
  PAID_AT_THE_SECOND_TRY(pay(PaymentOutcome.REJECTED), pay(PaymentOutcome.APPROVED)),
  PAID_BY_TWO(pay(PaymentOutcome.APPROVED, 600), pay(PaymentOutcome.APPROVED, 400)),
  PAID_BY_TWO_LATE(
      pay(PaymentOutcome.PENDING, 600),
      pay(PaymentOutcome.APPROVED, 400),
      (seller, id) -> seller.change(first(seller, id), PaymentOutcome.APPROVED)),
  PAID_IN_PART(pay(PaymentOutcome.APPROVED, 600)),
  SECOND_REFUSED(pay(PaymentOutcome.APPROVED, 600), pay(PaymentOutcome.REJECTED, 400)),
  REFUSED(pay(PaymentOutcome.REJECTED)),
  REFUSED_AND_OPEN(Set.of(OrderTrait.OPEN_WHEN_REFUSED), pay(PaymentOutcome.REJECTED)),
  REFUNDED(pay(PaymentOutcome.APPROVED), refund()),
  REFUNDED_BY_STATUS(Set.of(OrderTrait.REFUNDED_BY_STATUS), pay(PaymentOutcome.APPROVED), refund()),
  REFUNDED_IN_PART(pay(PaymentOutcome.APPROVED), refund(300)),
  REFUNDED_BIT_BY_BIT(pay(PaymentOutcome.APPROVED), refund(300), refund(700)),
  REFUNDED_OF_TWO(pay(PaymentOutcome.APPROVED, 600), pay(PaymentOutcome.APPROVED, 400), refund()),
  ONE_OF_TWO_REFUNDED(
      pay(PaymentOutcome.APPROVED, 600), pay(PaymentOutcome.APPROVED, 400), refund(600)),
  CHARGED_BACK(pay(PaymentOutcome.APPROVED), chargeBack()),
  CHARGED_BACK_UNTOLD(pay(PaymentOutcome.APPROVED), chargeBackQuietly()),
  CHARGEBACK_LOST(
      pay(PaymentOutcome.APPROVED),
      chargeBack(),
      (seller, id) -> seller.disputes().settle(chargeback(seller, id))),
  CHARGEBACK_WON(
      pay(PaymentOutcome.APPROVED),
      chargeBackQuietly(),
      (seller, id) -> seller.disputes().reimburse(chargeback(seller, id))),
  ONE_OF_TWO_CHARGED_BACK(
      pay(PaymentOutcome.APPROVED, 600), pay(PaymentOutcome.APPROVED, 400), chargeBack()),
  IN_MEDIATION(pay(PaymentOutcome.APPROVED), claim()),
  MEDIATION_WON(pay(PaymentOutcome.APPROVED), claim(), close(PaymentOutcome.APPROVED)),
  MEDIATION_LOST(pay(PaymentOutcome.APPROVED), claim(), close(PaymentOutcome.REFUNDED)),
  PENDING(pay(PaymentOutcome.PENDING)),
  IN_PROCESS(pay(PaymentOutcome.IN_PROCESS)),
  AUTHORIZED(pay(PaymentOutcome.AUTHORIZED)),
  CANCELLED(pay(PaymentOutcome.PENDING), become(PaymentOutcome.CANCELLED)),
  EXPIRED_PIX(
      pay(PaymentOutcome.PENDING),
      (seller, id) -> seller.onlineOrders().end(id, OrderStanding.CANCELED_EXPIRED)),
  EXPIRED((seller, id) -> seller.onlineOrders().end(id, OrderStanding.EXPIRED)),
  LEFT_ALONE(),
  /** The order is accredited, and yet it is not what the checkout asks for. */
  TOO_MUCH(Set.of(), 1200, pay(PaymentOutcome.APPROVED));

  /** What every checkout asks for, in its currency. */
  static final BigDecimal ASKED = BigDecimal.valueOf(1000);

  /** All of them, in their order. */
  static final List<OrderStory> ALL = List.of(values());

  /** One thing that a customer, a bank or the seller does. */
  interface Step {
    void happen(SandboxSeller seller, String orderId);
  }

  private final Set<OrderTrait> traits;
  private final BigDecimal total;
  private final List<Step> steps;

  OrderStory(Step... steps) {
    this(Set.of(), steps);
  }

  OrderStory(Set<OrderTrait> traits, Step... steps) {
    this(traits, 1000, steps);
  }

  OrderStory(Set<OrderTrait> traits, long total, Step... steps) {
    this.traits = traits;
    this.total = BigDecimal.valueOf(total);
    this.steps = List.of(steps);
  }

  /** How MercadoPago shows such an order, beside what it shows of any. */
  List<OrderTrait> traitsWith(Set<OrderTrait> others) {
    var all = new ArrayList<>(traits);
    all.addAll(others);
    return all;
  }

  /** What the order is about, in the currency of its seller. */
  BigDecimal total() {
    return total;
  }

  /** What happens after the order was made. */
  List<Step> steps() {
    return steps;
  }

  private static Step pay(PaymentOutcome outcome) {
    return (seller, id) -> seller.onlineOrders().pay(id, outcome);
  }

  private static Step pay(PaymentOutcome outcome, long amount) {
    return (seller, id) -> seller.onlineOrders().pay(id, outcome, BigDecimal.valueOf(amount));
  }

  private static Step become(PaymentOutcome outcome) {
    return (seller, id) -> seller.onlineOrders().change(id, outcome);
  }

  private static Step refund() {
    return (seller, id) -> seller.onlineOrders().refund(id, null);
  }

  private static Step refund(long amount) {
    return (seller, id) -> seller.onlineOrders().refund(id, BigDecimal.valueOf(amount));
  }

  private static Step chargeBack() {
    return (seller, id) -> seller.disputes().open(first(seller, id));
  }

  private static Step chargeBackQuietly() {
    return (seller, id) -> seller.disputes().openQuietly(first(seller, id));
  }

  private static Step claim() {
    return (seller, id) -> seller.disputes().openClaim(first(seller, id));
  }

  private static Step close(PaymentOutcome outcome) {
    return (seller, id) ->
        seller.disputes().closeClaim(claim(seller, id), "respondent_favoured", outcome);
  }

  private static long first(SandboxSeller seller, String orderId) {
    return seller.onlineOrders().find(orderId).orElseThrow().paymentIds().get(0);
  }

  private static String chargeback(SandboxSeller seller, String orderId) {
    long payment = first(seller, orderId);
    return seller.disputes().chargebacks().stream()
        .filter(chargeback -> chargeback.payments().contains(payment))
        .map(SandboxChargeback::id)
        .findFirst()
        .orElseThrow();
  }

  private static long claim(SandboxSeller seller, String orderId) {
    String payment = Long.toString(first(seller, orderId));
    return seller.disputes().claims().stream()
        .filter(claim -> claim.resourceId().equals(payment))
        .mapToLong(SandboxClaim::id)
        .findFirst()
        .orElseThrow();
  }
}

package dev.acuse.payment.state;

import dev.acuse.text.Text;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person asks of a payment and no rule judges it by. MercadoPago gives most of it in some
 * statuses only, so that each part may be missing.
 *
 * @param method MercadoPago's {@code payment_method_id}: {@code visa}, {@code pix}, …; an open set
 * @param methodType its {@code payment_type_id}: {@code credit_card}, {@code bank_transfer}, …
 * @param lastFour the last four digits of the card
 * @param instalments in how many parts the payer pays
 * @param fee what the seller pays MercadoPago and its marketplace, in units of the currency
 * @param net {@code net_received_amount}: what the seller receives, in the same units
 * @param releaseAt {@code money_release_date}: when that is paid out
 * @param payerName first and last name, or the card holder's
 * @param product what was bought, in the seller's words
 */
public record PaymentDetails(
    @Nullable String method,
    @Nullable String methodType,
    @Nullable String lastFour,
    @Nullable Integer instalments,
    @Nullable BigDecimal fee,
    @Nullable BigDecimal net,
    @Nullable Instant releaseAt,
    @Nullable String payerName,
    @Nullable String product) {

  /** Nothing is known. */
  public static final PaymentDetails NONE =
      new PaymentDetails(null, null, null, null, null, null, null, null, null);

  /** The same, as it fits the columns. */
  PaymentDetails fitted() {
    return new PaymentDetails(
        Text.fit(method, 64),
        Text.fit(methodType, 64),
        Text.exact(lastFour, 8),
        instalments,
        FittedSnapshot.money(fee),
        FittedSnapshot.money(net),
        FittedSnapshot.time(releaseAt),
        Text.fit(payerName, 256),
        Text.fit(product, 256));
  }

  /** These; what they lack is the others'. */
  PaymentDetails orElse(PaymentDetails others) {
    return new PaymentDetails(
        method == null ? others.method : method,
        methodType == null ? others.methodType : methodType,
        lastFour == null ? others.lastFour : lastFour,
        instalments == null ? others.instalments : instalments,
        fee == null ? others.fee : fee,
        net == null ? others.net : net,
        releaseAt == null ? others.releaseAt : releaseAt,
        payerName == null ? others.payerName : payerName,
        product == null ? others.product : product);
  }
}

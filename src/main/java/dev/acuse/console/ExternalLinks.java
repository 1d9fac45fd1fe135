package dev.acuse.console;

import dev.acuse.event.Scope;
import dev.acuse.payment.PaymentReader;
import dev.acuse.payment.state.Checkout;
import dev.acuse.payment.state.Payment;
import dev.acuse.text.ExternalId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where GoHighLevel and MercadoPago show what we only name. */
final class ExternalLinks {
  /** Whatever an id holds besides must not decide where a link leads. */
  private final String contactUrl;

  private final String paymentUrl;

  ExternalLinks(ConsoleConfiguration config) {
    this.contactUrl = config.contactUrl();
    this.paymentUrl = config.paymentUrl();
  }

  /** Null if no address is configured. */
  @Nullable String payment(String mpPaymentId) {
    return filled(paymentUrl, "{payment}", mpPaymentId);
  }

  /** Null if no address is configured. */
  @Nullable String contact(@Nullable String contactId) {
    return contactId == null ? null : filled(contactUrl, "{contact}", contactId);
  }

  @Nullable String contact(PaymentReader payments, Scope scope, Payment payment) {
    return contact(contactOf(payments, scope, payment));
  }

  /** A linked payment's contact is its checkout's. */
  static @Nullable String contactOf(PaymentReader payments, Scope scope, Payment payment) {
    Long checkout = payment.checkoutId();
    Optional<String> linked =
        checkout == null
            ? Optional.empty()
            : payments.checkout(scope, checkout).map(Checkout::contactId);
    return linked.orElse(payment.contactId());
  }

  private static @Nullable String filled(String address, String place, String id) {
    return address.isEmpty() || !ExternalId.matches(id) ? null : address.replace(place, id);
  }
}

package dev.acuse.sandbox.mercadopago;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What sources say differently about orders of the Orders API: each can be had. */
public enum OrderTrait {
  /** The answer has no {@code transactions}. */
  WITHOUT_TRANSACTIONS,
  /** The answer has no {@code currency}, as in its older shape: only {@code country_code}. */
  WITHOUT_CURRENCY,
  /** The answer has the status 402 and the order in {@code data}, as for a card that is refused. */
  PAYMENT_REQUIRED,
  /** Amounts have three decimals. */
  THREE_DECIMALS,
  /** An order that is given back whole is {@code refunded/refunded}, not {@code processed}. */
  REFUNDED_BY_STATUS,
  /** An order whose only payments were refused waits for another and does not fail. */
  OPEN_WHEN_REFUSED;

  /** The trait of this name in lower case; empty for an unknown one. */
  public static Optional<OrderTrait> of(String name) {
    return Arrays.stream(values())
        .filter(trait -> trait.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}

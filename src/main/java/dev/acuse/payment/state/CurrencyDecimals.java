package dev.acuse.payment.state;

import java.util.Currency;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How many decimals an amount of a currency may have. By ISO 4217, but for what MercadoPago takes
 * otherwise: in Colombia it charges whole pesos. Pure.
 */
public final class CurrencyDecimals {
  private static final Map<String, Integer> AT_MERCADOPAGO = Map.of("COP", 0);

  private CurrencyDecimals() {}

  /**
   * The decimals of a currency.
   *
   * @param code ISO 4217
   * @return empty if there is no such currency, or if it is none to pay with, such as gold
   */
  public static OptionalInt of(String code) {
    Integer otherwise = AT_MERCADOPAGO.get(code);
    if (otherwise != null) {
      return OptionalInt.of(otherwise);
    }
    try {
      int decimals = Currency.getInstance(code).getDefaultFractionDigits();
      return decimals < 0 ? OptionalInt.empty() : OptionalInt.of(decimals);
    } catch (IllegalArgumentException e) {
      return OptionalInt.empty();
    }
  }
}

package dev.acuse.mercadopago;

import java.util.List;

/**
 * One page of a search.
 *
 * @param payments those that could be read
 * @param entries how many the page has, unreadable ones too; 0 past the end
 * @param total how many payments match in all
 */
public record PaymentPage(List<MercadoPagoPayment> payments, int entries, long total) {
  public PaymentPage {
    payments = List.copyOf(payments);
  }
}

package dev.acuse.mercadopago;

import java.util.List;

/**
 * A page of a search for orders.
 *
 * @param orders those that could be read
 * @param entries how many the page has, unreadable ones too; 0 past the end
 * @param total how many orders match in all
 */
public record MercadoPagoOrderPage(List<MercadoPagoOrder> orders, int entries, long total) {
  public MercadoPagoOrderPage {
    orders = List.copyOf(orders);
  }
}

package dev.acuse.mercadopago;

import java.util.List;

/**
 * One page of a search for merchant orders.
 *
 * @param orders those that could be read
 * @param entries how many the page has, unreadable ones too; 0 past the end
 * @param total how many orders match in all
 */
public record OrderPage(List<MerchantOrder> orders, int entries, long total) {
  public OrderPage {
    orders = List.copyOf(orders);
  }
}

package dev.acuse;

import dev.acuse.api.AccountNames;
import dev.acuse.api.DisputesResource;
import dev.acuse.api.OrdersResource;
import dev.acuse.api.PaymentLinks;
import dev.acuse.dispute.DisputeReader;
import dev.acuse.order.OrderReader;
import dev.acuse.payment.PaymentIds;
import dev.acuse.payment.PaymentReader;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import org.jdbi.v3.core.Jdbi;

/**
 * What API and console show of orders and disputes, put together.
 *
 * @param links which payments are theirs
 */
record OrdersAndDisputes(OrderReader orders, DisputeReader disputes, PaymentLinks links) {

  static OrdersAndDisputes of(Jdbi jdbi, PaymentReader payments) {
    var orders = new OrderReader(jdbi);
    var disputes = new DisputeReader(jdbi);
    return new OrdersAndDisputes(
        orders, disputes, new PaymentLinks(payments, new PaymentIds(jdbi), orders, disputes));
  }

  void installApi(JerseyEnvironment jersey, AccountNames accounts) {
    jersey.register(new OrdersResource(orders, links, accounts));
    jersey.register(new DisputesResource(disputes, links, accounts));
  }
}

package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteException;
import jakarta.ws.rs.client.WebTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MercadoPago's Orders API, asked by an account's client: online orders, and those of Point and QR.
 * Merchant orders are {@link MercadoPagoClient#merchantOrder}. Thread-safe; keeps nothing.
 */
public final class MercadoPagoOrders {
  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoOrders.class);

  /** Payments of one reference a page; an order has some few. */
  private static final int PAGE = 50;

  /** With more payments than these pages have, a reference is not one order's. */
  private static final int MOST_PAGES = 4;

  private final MercadoPagoClient client;

  /**
   * @param client the account's; its guards are asked, and what it says of strangers holds
   */
  public MercadoPagoOrders(MercadoPagoClient client) {
    this.client = client;
  }

  /**
   * An order as it is now.
   *
   * @param id as MercadoPago wrote it: of its orders the case of letters counts
   * @throws RemoteException sorted by what to do next; a 404 is a {@link RemoteException.Rejected}
   */
  public MercadoPagoOrder order(String id) throws RemoteException {
    return client.lookUp(
        "v1/orders", id, answer -> readOrder(answer, id), MercadoPagoRefusals.OF_ORDERS);
  }

  private static MercadoPagoOrder readOrder(RemoteAnswer answer, String id) throws RemoteException {
    JsonNode json = answer.object();
    String its = MercadoPagoJson.id(json);
    if (its == null || !its.toUpperCase(Locale.ROOT).equals(id.toUpperCase(Locale.ROOT))) {
      throw answer.notUnderstood("another order than the one asked for, or one without an id");
    }
    MercadoPagoOrder order = MercadoPagoOrderJson.order(json);
    if (order == null) {
      throw answer.bad("an order without a status");
    }
    return order;
  }

  /**
   * The payments that name a reference, in whatever status. An entry may say less than {@link
   * MercadoPagoClient#payment}. Of a reference with hundreds of them only some.
   *
   * @throws RemoteException sorted by what to do next
   */
  public List<MercadoPagoPayment> paymentsOf(String externalReference) throws RemoteException {
    Map<String, MercadoPagoPayment> found = new LinkedHashMap<>();
    for (int page = 0; page < MOST_PAGES; page++) {
      int offset = page * PAGE;
      PaymentPage its =
          client.ask(
              api ->
                  api.path("v1/payments/search")
                      .queryParam("external_reference", "{reference}")
                      .queryParam("sort", "date_created")
                      .queryParam("criteria", "desc")
                      .queryParam("limit", PAGE)
                      .queryParam("offset", offset)
                      .resolveTemplate("reference", externalReference),
              answer -> MercadoPagoClient.readPage(answer, offset),
              MercadoPagoRefusals.OF_LOOK_UPS);
      // A search that leaves the reference out of account shows all there are.
      its.payments().stream()
          .filter(one -> externalReference.equals(one.snapshot().externalReference()))
          .forEach(one -> found.putIfAbsent(one.snapshot().mpPaymentId(), one));
      if (its.entries() == 0 || offset + its.entries() >= its.total()) {
        break;
      }
    }
    return List.copyOf(found.values());
  }

  /**
   * The orders that were made in a window of time, in no order that MercadoPago promises. Its Java
   * SDK pages by {@code page} and {@code page_size}, its OpenAPI document by {@code offset} and
   * {@code limit}: both are sent, and neither with the first page.
   *
   * @throws RemoteException sorted by what to do next
   */
  public MercadoPagoOrderPage search(MercadoPagoOrderSearch search) throws RemoteException {
    return client.ask(
        api -> {
          WebTarget first =
              api.path("v1/orders")
                  .queryParam("begin_date", MercadoPagoClient.date(search.begin()))
                  .queryParam("end_date", MercadoPagoClient.date(search.end()))
                  .queryParam("page_size", search.limit())
                  .queryParam("limit", search.limit());
          return search.page() == 0
              ? first
              : first
                  .queryParam("page", search.page() + 1)
                  .queryParam("offset", search.page() * search.limit());
        },
        answer -> readPage(answer, search),
        MercadoPagoRefusals.OF_ORDER_SEARCH);
  }

  private static MercadoPagoOrderPage readPage(RemoteAnswer answer, MercadoPagoOrderSearch search)
      throws RemoteException {
    JsonNode page = answer.object();
    JsonNode data = page.path("data");
    if (!data.isArray() && !data.isNull()) {
      throw answer.notUnderstood("a search without data");
    }
    var orders = new ArrayList<MercadoPagoOrder>();
    for (JsonNode entry : data) {
      MercadoPagoOrder order = MercadoPagoOrderJson.order(entry);
      if (order == null) {
        LOGGER.warn("MercadoPago's search found an order without an id or a status: left out");
      } else {
        orders.add(order);
      }
    }
    // Where it is not said how many there are, a full page may not be the last one.
    long atLeast = (long) search.page() * search.limit() + data.size();
    boolean isFull = data.size() >= search.limit();
    long total = page.path("paging").path("total").asLong(isFull ? atLeast + 1 : atLeast);
    return new MercadoPagoOrderPage(orders, data.size(), total);
  }
}

package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Preferences;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteCall;
import dev.acuse.remote.RemoteException;
import dev.acuse.text.ExternalId;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MercadoPago's REST API, as far as Acuse needs it. Thread-safe; keeps nothing. */
public final class MercadoPagoClient implements Preferences {
  /** MercadoPago's name in {@code waits_for}, metrics and logs. */
  public static final String NAME = "mercadopago";

  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoClient.class);
  private static final String SYSTEM = "MercadoPago";

  /** With milliseconds and an offset, or MercadoPago answers 400 (code 1001). */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final WebTarget api;
  private final @Nullable String token;
  private final @Nullable String notificationUrl;
  private final RemoteCall call;

  /**
   * A client whose calls no guard holds back.
   *
   * @param client built by {@link dev.acuse.remote.RemoteHttp}, which bounds its calls
   */
  public MercadoPagoClient(
      Client client,
      MercadoPagoConfiguration configuration,
      MercadoPagoCredentials credentials,
      InstantSource clock) {
    this.api = client.target(configuration.baseUrl());
    this.token = credentials.accessToken().revealOrNull();
    this.notificationUrl = configuration.notificationUrl();
    this.call = new RemoteCall(SYSTEM, clock, token, answer -> null, Guard.NONE);
  }

  private MercadoPagoClient(MercadoPagoClient other, RemoteCall call) {
    this.api = other.api;
    this.token = other.token;
    this.notificationUrl = other.notificationUrl;
    this.call = call;
  }

  /** The same client behind one more guard, which is asked first. */
  public MercadoPagoClient through(Guard front) {
    return new MercadoPagoClient(this, call.through(front));
  }

  /** Whether calls go through now, as far as this process knows. */
  public boolean isUp() {
    return call.isUp();
  }

  /**
   * A payment as it is now.
   *
   * @throws RemoteException sorted by what to do next; a 404 is a {@link RemoteException.Rejected}
   */
  public MercadoPagoPayment payment(String id) throws RemoteException {
    return call.send(() -> get(resource("v1/payments", id)), answer -> readPayment(answer, id));
  }

  private static MercadoPagoPayment readPayment(RemoteAnswer answer, String id)
      throws RemoteException.BadResponse {
    MercadoPagoPayment payment = MercadoPagoJson.payment(answer.object());
    if (payment == null) {
      throw answer.bad("a payment without an id or a status");
    }
    if (!payment.snapshot().mpPaymentId().equals(id)) {
      throw answer.bad("another payment than the one asked for");
    }
    return payment;
  }

  /**
   * A merchant order as it is now.
   *
   * @throws RemoteException sorted by what to do next; a 404 is a {@link RemoteException.Rejected}
   */
  public MerchantOrder merchantOrder(String id) throws RemoteException {
    return call.send(() -> get(resource("merchant_orders", id)), answer -> readOrder(answer, id));
  }

  private static MerchantOrder readOrder(RemoteAnswer answer, String id)
      throws RemoteException.BadResponse {
    JsonNode order = answer.object();
    if (!id.equals(MercadoPagoJson.id(order))) {
      throw answer.bad("another merchant order than the one asked for, or one without an id");
    }
    return MercadoPagoJson.merchantOrder(order, id);
  }

  /**
   * The payments that changed in a window of time. An entry may say less than {@link #payment}.
   *
   * @throws RemoteException sorted by what to do next
   */
  public PaymentPage searchPayments(PaymentSearch search) throws RemoteException {
    WebTarget target =
        api.path("v1/payments/search")
            .queryParam("sort", "date_last_updated")
            .queryParam("criteria", "asc")
            .queryParam("range", "date_last_updated")
            .queryParam("begin_date", date(search.begin()))
            .queryParam("end_date", date(search.end()))
            .queryParam("limit", search.limit())
            .queryParam("offset", search.offset());
    return call.send(() -> get(target), answer -> readPage(answer, search));
  }

  private static PaymentPage readPage(RemoteAnswer answer, PaymentSearch search)
      throws RemoteException.BadResponse {
    JsonNode page = answer.object();
    JsonNode results = page.path("results");
    if (!results.isArray()) {
      throw answer.bad("a search without results");
    }
    var payments = new ArrayList<MercadoPagoPayment>();
    for (JsonNode result : results) {
      MercadoPagoPayment payment = MercadoPagoJson.payment(result);
      if (payment == null) {
        LOGGER.warn("MercadoPago's search found a payment without an id or a status: left out");
      } else {
        payments.add(payment);
      }
    }
    long seen = (long) search.offset() + results.size();
    return new PaymentPage(
        payments, results.size(), page.path("paging").path("total").asLong(seen));
  }

  /**
   * The merchant orders that changed in a window of time, in no order that MercadoPago promises.
   *
   * @throws RemoteException sorted by what to do next
   */
  public OrderPage searchOrders(OrderSearch search) throws RemoteException {
    WebTarget target =
        api.path("merchant_orders/search")
            .queryParam("last_updated_from", date(search.begin()))
            .queryParam("last_updated_to", date(search.end()))
            .queryParam("limit", search.limit())
            .queryParam("offset", search.offset());
    return call.send(() -> get(target), answer -> readPage(answer, search));
  }

  private static OrderPage readPage(RemoteAnswer answer, OrderSearch search)
      throws RemoteException.BadResponse {
    JsonNode page = answer.object();
    JsonNode elements = page.path("elements");
    // Some have seen null where others see an empty list (MercadoPago's documents don't say).
    if (!elements.isArray() && !elements.isNull()) {
      throw answer.bad("a search without elements");
    }
    var orders = new ArrayList<MerchantOrder>();
    for (JsonNode element : elements) {
      String id = MercadoPagoJson.id(element);
      if (id == null) {
        LOGGER.warn("MercadoPago's search found a merchant order without an id: left out");
      } else {
        orders.add(MercadoPagoJson.merchantOrder(element, id));
      }
    }
    // Whoever does not say how many there are may have more than a full page.
    long atLeast = (long) search.offset() + elements.size();
    boolean isFull = elements.size() >= search.limit();
    return new OrderPage(
        orders, elements.size(), page.path("total").asLong(isFull ? atLeast + 1 : atLeast));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The idempotency key follows from the content: a repeat after a time-out gives the same
   * preference, a checkout with another amount gives another.
   */
  @Override
  public Preference create(CheckoutRequest checkout) throws RemoteException {
    String body = PreferenceJson.of(checkout, notificationUrl);
    byte[] content = (checkout.externalReference() + '\0' + body).getBytes(StandardCharsets.UTF_8);
    return call.send(
        () ->
            request(api.path("checkout/preferences"))
                .header("X-Idempotency-Key", UUID.nameUUIDFromBytes(content))
                .buildPost(Entity.entity(body, MediaType.APPLICATION_JSON_TYPE)),
        answer -> PreferenceJson.read(answer, checkout));
  }

  private WebTarget resource(String path, String id) throws RemoteException.Rejected {
    if (!ExternalId.matches(id)) {
      // as MercadoPago would answer, but it must not get into a URL to be asked
      throw new RemoteException.Rejected("not an id of MercadoPago's; it was not asked", 400);
    }
    return api.path(path).path(id);
  }

  private Invocation get(WebTarget target) throws RemoteException.Unauthorized {
    return request(target).buildGet();
  }

  private Invocation.Builder request(WebTarget target) throws RemoteException.Unauthorized {
    if (token == null) {
      throw new RemoteException.Unauthorized("no access token for MercadoPago is set", null);
    }
    return target
        .request(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
  }

  private static String date(Instant instant) {
    return DATE.format(instant);
  }
}

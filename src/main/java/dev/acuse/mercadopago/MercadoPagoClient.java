package dev.acuse.mercadopago;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.payment.Preferences;
import dev.acuse.remote.Guard;
import dev.acuse.remote.RefusalRules;
import dev.acuse.remote.RefusalStreak;
import dev.acuse.remote.RemoteAnswer;
import dev.acuse.remote.RemoteCall;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteException.NotUnderstood;
import dev.acuse.remote.RemoteException.Rejected;
import dev.acuse.text.ExternalId;
import dev.acuse.text.Secret;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MercadoPago's REST API, as far as Acuse needs it. Thread-safe; keeps nothing. */
public final class MercadoPagoClient implements Preferences {
  /** MercadoPago's name in {@code waits_for}, metrics and logs. */
  public static final String NAME = "mercadopago";

  private static final Logger LOGGER = LoggerFactory.getLogger(MercadoPagoClient.class);
  private static final String SYSTEM = "MercadoPago";

  /** So many different things that we may not read, one after the other, are no coincidence. */
  private static final int REFUSED_IN_A_ROW = 5;

  private static final int FORBIDDEN = 403;

  /** With milliseconds and an offset, or MercadoPago answers 400 (code 1001). */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final WebTarget api;
  private final InstantSource clock;
  private final @Nullable String token;
  private final @Nullable String notificationUrl;
  private final RemoteCall call;
  private final RefusalStreak streak;
  private final boolean ofStranger;

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
    this(
        client.target(configuration.baseUrl()),
        clock,
        credentials.accessToken().revealOrNull(),
        configuration.notificationUrl());
  }

  private MercadoPagoClient(
      WebTarget api,
      InstantSource clock,
      @Nullable String token,
      @Nullable String notificationUrl) {
    this.api = api;
    this.clock = clock;
    this.token = token;
    this.notificationUrl = notificationUrl;
    this.call = new RemoteCall(SYSTEM, clock, token, answer -> null, Guard.NONE);
    this.streak = new RefusalStreak(REFUSED_IN_A_ROW, "is the token of the right account?");
    this.ofStranger = false;
  }

  private MercadoPagoClient(MercadoPagoClient other, RemoteCall call, boolean ofStranger) {
    this.api = other.api;
    this.clock = other.clock;
    this.token = other.token;
    this.notificationUrl = other.notificationUrl;
    this.streak = other.streak;
    this.call = call;
    this.ofStranger = ofStranger;
  }

  /**
   * The client of another account: the same address by the same connections, with its own token. No
   * guard holds its calls back.
   *
   * @param its the token; {@link Secret#NONE} if it has none yet
   * @param url where MercadoPago shall notify of its preferences; null leaves it to MercadoPago's
   *     panel
   */
  public MercadoPagoClient as(Secret its, @Nullable String url) {
    return new MercadoPagoClient(api, clock, its.revealOrNull(), url);
  }

  /** The same client behind one more guard, which is asked first. */
  public MercadoPagoClient through(Guard front) {
    return new MercadoPagoClient(this, call.through(front), ofStranger);
  }

  /**
   * The same client for what a stranger may have named: MercadoPago's words about that are no words
   * about us, however often they come.
   */
  public MercadoPagoClient forStrangers() {
    return new MercadoPagoClient(this, call, true);
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
    return lookUp("v1/payments", id, answer -> readPayment(answer, id));
  }

  private static MercadoPagoPayment readPayment(RemoteAnswer answer, String id)
      throws RemoteException {
    JsonNode json = answer.object();
    if (!id.equals(MercadoPagoJson.id(json))) {
      throw answer.notUnderstood("another payment than the one asked for, or one without an id");
    }
    MercadoPagoPayment payment = MercadoPagoJson.payment(json);
    if (payment == null) {
      throw answer.bad("a payment without a status");
    }
    return payment;
  }

  private <T> T lookUp(String path, String id, RemoteCall.Reading<T> reading)
      throws RemoteException {
    return lookUp(path, id, reading, MercadoPagoRefusals.OF_LOOK_UPS);
  }

  /**
   * What has this id below a path.
   *
   * @throws RemoteException sorted by what to do next; by {@code rules} what a refusal is about
   */
  <T> T lookUp(String path, String id, RemoteCall.Reading<T> reading, RefusalRules rules)
      throws RemoteException {
    return call.send(
        () -> get(resource(path, id)),
        answer -> {
          T found = reading.of(answer);
          streak.answered();
          return found;
        },
        rules,
        failure -> meaning(path + "/" + id, failure));
  }

  /**
   * Something else than payments and merchant orders. What it is refused says nothing of whose the
   * token is, because an application may lack the permission for this alone.
   *
   * @param target the address below that of the API
   * @throws RemoteException sorted by what to do next; by {@code rules} what a refusal is about
   */
  <T> T ask(UnaryOperator<WebTarget> target, RemoteCall.Reading<T> reading, RefusalRules rules)
      throws RemoteException {
    return call.send(
        () -> get(target.apply(api)),
        reading,
        rules,
        failure ->
            failure instanceof NotUnderstood puzzle && ofStranger ? puzzle.ofStranger() : failure);
  }

  /** A stranger may name what is not ours; a notification that is proven may not. */
  private RemoteException meaning(String resource, RemoteException failure) {
    if (failure instanceof NotUnderstood puzzle) {
      return ofStranger ? puzzle.ofStranger() : puzzle;
    }
    return failure instanceof Rejected refusal && refusal.status() == FORBIDDEN && !ofStranger
        ? streak.refused(resource, refusal)
        : failure;
  }

  /**
   * A merchant order as it is now.
   *
   * @throws RemoteException sorted by what to do next; a 404 is a {@link RemoteException.Rejected}
   */
  public MerchantOrder merchantOrder(String id) throws RemoteException {
    return lookUp("merchant_orders", id, answer -> readOrder(answer, id));
  }

  private static MerchantOrder readOrder(RemoteAnswer answer, String id) throws RemoteException {
    JsonNode order = answer.object();
    if (!id.equals(MercadoPagoJson.id(order))) {
      throw answer.notUnderstood(
          "another merchant order than the one asked for, or one without an id");
    }
    return MercadoPagoJson.merchantOrder(order, id);
  }

  /**
   * The payments that changed in a window of time. An entry may say less than {@link #payment}.
   *
   * @throws RemoteException sorted by what to do next
   */
  public PaymentPage searchPayments(PaymentSearch search) throws RemoteException {
    WebTarget all =
        api.path("v1/payments/search")
            .queryParam("sort", "date_last_updated")
            .queryParam("criteria", "asc")
            .queryParam("range", "date_last_updated")
            .queryParam("begin_date", date(search.begin()))
            .queryParam("end_date", date(search.end()))
            .queryParam("limit", search.limit())
            .queryParam("offset", search.offset());
    WebTarget target =
        search.collectorId() == null ? all : all.queryParam("collector.id", search.collectorId());
    return call.send(
        () -> get(target),
        answer -> readPage(answer, search.offset()),
        MercadoPagoRefusals.OF_LOOK_UPS,
        failure -> meaning(search, failure));
  }

  /** A page that is too large is the search's own failure: the next may ask for less. */
  private static RemoteException meaning(PaymentSearch search, RemoteException failure) {
    return failure instanceof NotUnderstood answer && answer.isTooLarge() && search.limit() > 1
        ? RemoteException.BadResponse.tooLarge(answer)
        : failure;
  }

  /** A page of a search for payments that skips so many. */
  static PaymentPage readPage(RemoteAnswer answer, int offset) throws RemoteException {
    JsonNode page = answer.object();
    JsonNode results = page.path("results");
    if (!results.isArray()) {
      throw answer.notUnderstood("a search without results");
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
    long seen = (long) offset + results.size();
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
    return call.send(
        () -> get(target), answer -> readPage(answer, search), MercadoPagoRefusals.OF_ORDER_SEARCH);
  }

  private static OrderPage readPage(RemoteAnswer answer, OrderSearch search)
      throws RemoteException {
    JsonNode page = answer.object();
    JsonNode elements = page.path("elements");
    // Some have seen null where others see an empty list (MercadoPago's documents don't say).
    if (!elements.isArray() && !elements.isNull()) {
      throw answer.notUnderstood("a search without elements");
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
        answer -> PreferenceJson.read(answer, checkout),
        MercadoPagoRefusals.OF_CREATION);
  }

  /**
   * Whose the token is, and MercadoPago's time.
   *
   * @throws RemoteException sorted by what to do next
   */
  public MercadoPagoAccount account() throws RemoteException {
    return call.send(
        () -> get(api.path("users/me")),
        answer -> {
          JsonNode json = answer.object();
          String id = MercadoPagoJson.id(json);
          if (id == null) {
            throw answer.notUnderstood("an account without an id");
          }
          return new MercadoPagoAccount(
              id,
              json.path("site_id").asText(""),
              isTestUser(json.path("tags")),
              answer.header("date"));
        },
        MercadoPagoRefusals.OF_LOOK_UPS);
  }

  private static boolean isTestUser(JsonNode tags) {
    for (JsonNode tag : tags) {
      if (tag.asText().equals("test_user")) {
        return true;
      }
    }
    return false;
  }

  private WebTarget resource(String path, String id) throws RemoteException.Rejected {
    if (!ExternalId.matches(id)) {
      // as MercadoPago would answer, but it must not get into a URL to be asked
      throw new RemoteException.Rejected("not an id of MercadoPago's; it was not asked", 400);
    }
    return api.path(path).path(id);
  }

  private Invocation get(WebTarget target) throws RemoteException.NotSetUp {
    return request(target).buildGet();
  }

  private Invocation.Builder request(WebTarget target) throws RemoteException.NotSetUp {
    if (token == null) {
      throw RemoteException.NotSetUp.noToken("no access token for MercadoPago is set yet");
    }
    return target
        .request(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
  }

  /** A date as MercadoPago's searches take it. */
  static String date(Instant instant) {
    return DATE.format(instant);
  }
}

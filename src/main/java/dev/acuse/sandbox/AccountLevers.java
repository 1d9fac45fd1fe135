package dev.acuse.sandbox;

import static dev.acuse.sandbox.Levers.address;
import static dev.acuse.sandbox.Levers.flag;
import static dev.acuse.sandbox.Levers.refusal;
import static dev.acuse.sandbox.Levers.required;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.sandbox.gohighlevel.SandboxLocation;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.mercadopago.PanelTopic;
import dev.acuse.sandbox.mercadopago.SandboxMercadoPago;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.sandbox.mercadopago.Site;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The levers that make sellers and locations and take their tokens away.
 *
 * <ul>
 *   <li>{@code POST /_sandbox/seller?id=2001} makes a seller, or changes one: with {@code token}
 *       one more of these, with {@code site}, with {@code application} and its {@code secret}, with
 *       {@code test_user=true}, with {@code topics=payment,order,chargeback,claim}, which it has
 *       ticked. {@code sales_url} is where its payments are announced from now on, {@code
 *       purchases_url} where it hears of those that it pays to other sellers; {@code none} ends
 *       either.
 *   <li>{@code POST /_sandbox/location?id=loc2}, likewise: {@code token}, {@code
 *       enforce_rate=true}, {@code per_interval} and {@code per_day} (both or none), {@code
 *       create_unknown=true}
 *   <li>{@code POST /_sandbox/token?seller=2001&token=…} or {@code location=…}: one more token; the
 *       only one with {@code replace=true}
 *   <li>{@code POST /_sandbox/revoke?seller=2001&token=…} or {@code location=…}; every token
 *       without {@code token}
 *   <li>{@code GET /_sandbox/calls?path=/v1/payments}: how many calls came with tokens of each
 *       seller and location; with {@code token} how many came with that one
 * </ul>
 */
final class AccountLevers {
  private static final String NONE = "none";

  private final SandboxMercadoPago mercadoPago;
  private final SandboxGoHighLevel goHighLevel;
  private final Announcements announcements;

  AccountLevers(
      SandboxMercadoPago mercadoPago, SandboxGoHighLevel goHighLevel, Announcements announcements) {
    this.mercadoPago = mercadoPago;
    this.goHighLevel = goHighLevel;
    this.announcements = announcements;
  }

  /** The seller that the request names; the first one if it names none. */
  SandboxSeller seller(Request request) throws Refusal {
    String id = request.parameter("seller");
    return id == null ? mercadoPago.seller() : known(id);
  }

  /** The seller that the request says pays; null for a customer without an account. */
  @Nullable SandboxSeller payer(Request request) throws Refusal {
    String id = request.parameter("payer");
    return id == null ? null : known(id);
  }

  /** The seller that the request names, or else the first one that has the payment. */
  SandboxSeller holder(Request request, long paymentId) throws Refusal {
    if (request.parameter("seller") != null) {
      return seller(request);
    }
    return mercadoPago.sellers().stream()
        .filter(seller -> seller.payment(paymentId).isPresent())
        .findFirst()
        .orElseGet(mercadoPago::seller);
  }

  /** The location that the request names; the first one if it names none. */
  SandboxLocation location(Request request) throws Refusal {
    String id = request.parameter("location");
    return id == null
        ? goHighLevel.location()
        : goHighLevel.findLocation(id).orElseThrow(() -> refusal(404, "no location " + id));
  }

  private SandboxSeller known(String id) throws Refusal {
    return mercadoPago
        .findSeller(Long.parseLong(id))
        .orElseThrow(() -> refusal(404, "no seller " + id));
  }

  Reply makeSeller(Request request) throws Refusal {
    // all that can be refused is read before anything is made
    long id = sellerId(request);
    String site = request.parameter("site");
    Site country = site == null ? null : site(site);
    String application = request.parameter("application");
    if (application != null && !application.matches("\\d{1,18}")) {
      throw refusal(400, "application is not a number");
    }
    boolean testUser = Boolean.TRUE.equals(flag(request, "test_user"));
    PanelTopic[] topics =
        Levers.each(request, "topics", PanelTopic::of, "unknown topic").toArray(PanelTopic[]::new);
    URI sales = addressOrNone(request, "sales_url");
    URI purchases = addressOrNone(request, "purchases_url");
    String token = request.parameter("token");
    SandboxSeller seller = token == null ? mercadoPago.seller(id) : mercadoPago.seller(id, token);
    if (country != null) {
      seller.site(country);
    }
    if (application != null) {
      seller.application(application);
    }
    String secret = request.parameter("secret");
    if (secret != null) {
      seller.application().secret(secret);
    }
    if (testUser) {
      seller.testUser();
    }
    if (topics.length > 0) {
      seller.tick(topics);
    }
    if (request.parameter("sales_url") != null) {
      announcements.sales(seller, sales);
    }
    if (request.parameter("purchases_url") != null) {
      announcements.purchases(seller, purchases);
    }
    return Reply.json(200, view(seller));
  }

  private static long sellerId(Request request) throws Refusal {
    String id = required(request, "id");
    if (!id.matches("[1-9]\\d{0,17}")) {
      throw refusal(400, "id is not a number of up to 18 digits");
    }
    return Long.parseLong(id);
  }

  private static Site site(String id) throws Refusal {
    return Site.of(id).orElseThrow(() -> refusal(400, "unknown site"));
  }

  private static @Nullable URI addressOrNone(Request request, String name) throws Refusal {
    String value = request.parameter(name);
    return value == null || value.equals(NONE) ? null : address(request, name);
  }

  Reply makeLocation(Request request) throws Refusal {
    String id = required(request, "id");
    String perInterval = request.parameter("per_interval");
    String perDay = request.parameter("per_day");
    if ((perInterval == null) != (perDay == null)) {
      throw refusal(400, "per_interval and per_day belong together");
    }
    int inInterval = perInterval == null ? 0 : Integer.parseInt(perInterval);
    int daily = perDay == null ? 0 : Integer.parseInt(perDay);
    Boolean enforce = flag(request, "enforce_rate");
    Boolean createUnknown = flag(request, "create_unknown");
    String token = request.parameter("token");
    SandboxLocation location =
        token == null ? goHighLevel.location(id) : goHighLevel.location(id, token);
    if (perInterval != null) {
      location.rateLimit(inInterval, daily);
    }
    if (enforce != null) {
      location.enforceRateLimit(enforce);
    }
    if (createUnknown != null) {
      location.createUnknownContacts(createUnknown);
    }
    return Reply.json(200, view(location));
  }

  Reply giveToken(Request request) throws Refusal {
    String token = required(request, "token");
    boolean replace = Boolean.TRUE.equals(flag(request, "replace"));
    if (namesLocation(request)) {
      SandboxLocation location = location(request);
      return Reply.json(200, view(replace ? location.replaceToken(token) : location.token(token)));
    }
    SandboxSeller seller = seller(request);
    return Reply.json(200, view(replace ? seller.replaceToken(token) : seller.token(token)));
  }

  Reply revoke(Request request) throws Refusal {
    String token = request.parameter("token");
    if (namesLocation(request)) {
      SandboxLocation location = location(request);
      return Reply.json(200, view(token == null ? location.revokeAll() : location.revoke(token)));
    }
    SandboxSeller seller = seller(request);
    return Reply.json(200, view(token == null ? seller.revokeAll() : seller.revoke(token)));
  }

  private static boolean namesLocation(Request request) throws Refusal {
    boolean location = request.parameter("location") != null;
    if (location == (request.parameter("seller") != null)) {
      throw refusal(400, "seller or location is missing, or both are there");
    }
    return location;
  }

  Reply calls(Request request) {
    String asked = request.parameter("path");
    String path = asked == null ? "/" : asked;
    String token = request.parameter("token");
    ObjectNode json = Json.object();
    if (token != null) {
      json.put("mercadopago", mercadoPago.requestCount(token, path));
      json.put("gohighlevel", goHighLevel.requestCount(token, path));
      return Reply.json(200, json);
    }
    ObjectNode sellers = json.putObject("sellers");
    mercadoPago
        .sellers()
        .forEach(one -> sellers.put(Long.toString(one.userId()), one.requestCount(path)));
    ObjectNode locations = json.putObject("locations");
    goHighLevel.locations().forEach(one -> locations.put(one.id(), one.requestCount(path)));
    return Reply.json(200, json);
  }

  /** Adds what there is of sellers and locations to the sandbox's state. */
  void describe(ObjectNode state) {
    ObjectNode sellers = state.putObject("sellers");
    for (SandboxSeller seller : mercadoPago.sellers()) {
      sellers
          .putObject(Long.toString(seller.userId()))
          .put("payments", seller.payments().size())
          .put("orders", seller.onlineOrders().all().size())
          .put("chargebacks", seller.disputes().chargebacks().size())
          .put("claims", seller.disputes().claims().size())
          .put("preferences", seller.books().preferences().size())
          .put("faults", seller.faults().toString());
    }
    ObjectNode locations = state.putObject("locations");
    for (SandboxLocation location : goHighLevel.locations()) {
      locations
          .putObject(location.id())
          .put("contacts", location.contactCount())
          .put("tag_calls", location.tagCalls().size())
          .put("faults", location.faults().toString());
    }
  }

  /** With the secret: a caller that had it invented needs it. */
  private static ObjectNode view(SandboxSeller seller) {
    ObjectNode json = Json.object();
    json.put("seller", seller.userId());
    seller.tokens().forEach(json.putArray("tokens")::add);
    json.put("site", seller.site().name());
    json.put("application", seller.application().id());
    json.put("secret", seller.application().secret());
    return json;
  }

  private static ObjectNode view(SandboxLocation location) {
    ObjectNode json = Json.object();
    json.put("location", location.id());
    location.tokens().forEach(json.putArray("tokens")::add);
    return json;
  }
}

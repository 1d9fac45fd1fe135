package dev.acuse.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.faults.KeptLoad.Post;
import dev.acuse.faults.KeptLoad.Sent;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.gohighlevel.SandboxLocation;
import dev.acuse.sandbox.gohighlevel.TagCall;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Launch;
import dev.acuse.support.RunningAcuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The packaged service with thirty accounts beside {@code main}, made by its API, and a sandbox of
 * as many sellers and locations. All have the same references, which also {@code main} has
 * checkouts of, and each location takes a tag for whatever contact it is asked for: what goes to
 * the wrong place is not refused but seen.
 */
final class AccountsStage implements AutoCloseable {
  static final int ACCOUNTS = 30;
  static final int FLOODED = 0;
  static final int SLOW = 1;
  static final int REVOKED = 2;

  /** The first of the twenty-seven; it and the next buy from each other. */
  static final int FIRST_OTHER = 3;

  private static final int OTHERS = ACCOUNTS - FIRST_OTHER;
  private static final int APPLICATIONS = 3;
  private static final int CHECKOUTS_OF_MAIN = 20;
  private static final Duration ANSWER = Duration.ofMillis(100);
  private static final Duration SLOW_ANSWER = Duration.ofMillis(4_900);
  private static final double PER_SECOND = 40;
  private static final int FLOOD_PER_SECOND = 500;

  /** Of the payments of the flooded account that its webhooks are about. */
  private static final int FLOODED_PAYMENTS = 50;

  /** Of four webhooks in a row one is about a new payment. */
  private static final int ROW = 4;

  private static final int WARM_UPS = 2 * OTHERS * ROW;

  /** What has had no effect by then counts as if it had it then. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private static final Duration PATIENCE = Duration.ofMinutes(6);

  /**
   * An account and what it has outside.
   *
   * @param number from 0 on
   */
  record Shop(int number, SandboxSeller seller, SandboxLocation location) {
    String name() {
      return "shop-" + number;
    }

    /** The address that MercadoPago was given: its own, or that of all. */
    String address() {
      return number % 2 == 0 ? "/webhooks/mp" : "/webhooks/mp/" + name();
    }
  }

  /**
   * A payment as it was made at MercadoPago.
   *
   * @param payer the account that paid; null for a customer
   */
  record Sale(Shop shop, long payment, String contact, @Nullable Shop payer) {}

  /**
   * What the twenty-seven had of it, in milliseconds.
   *
   * @param answer p99 of the intake's answer
   * @param mean of the times from when a webhook was due to its effect
   * @param p99 of these
   */
  record Times(double answer, double mean, double p99) {}

  private final Sandbox sandbox =
      Sandbox.start(SandboxOptions.defaults(InstantSource.system()).withThreads(32));
  private final Site site;
  private final AcuseProcess acuse;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Shop> shops = new ArrayList<>();
  private final Map<String, Sale> sales = new ConcurrentHashMap<>();
  private final Map<Integer, Queue<Sale>> purchases = new ConcurrentHashMap<>();
  private final AtomicInteger references = new AtomicInteger();
  private final List<Sent> sent = new ArrayList<>();
  private final boolean isBad;

  /**
   * @param broken what stands before the product's classes; null for nothing
   * @param isBad whether three of the accounts are bad neighbours
   */
  AccountsStage(Site.Kind kind, @Nullable Path broken, boolean isBad) {
    this.site = Site.open(kind);
    this.isBad = isBad;
    Map<String, String> settings = settings();
    acuse =
        broken == null
            ? AcuseProcess.startJar(Launch.shortLived(), site.database(), sandbox, settings)
            : AcuseProcess.startWith(
                broken, Launch.shortLived(), site.database(), sandbox, settings);
    makeAccounts();
    for (int i = 0; i < CHECKOUTS_OF_MAIN; i++) {
      call(
          201,
          "POST",
          "/api/checkouts",
          """
          {"external_reference": "order-%d", "contact_id": "ofMain%d", "amount": 10,
           "currency": "ARS", "title": "Consulta"}
          """
              .formatted(i, i));
    }
    sandbox.mercadoPago().faults().latency(ANSWER);
    sandbox.goHighLevel().faults().latency(ANSWER);
  }

  /** As it is shipped, where the tests have it otherwise. */
  private Map<String, String> settings() {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    Map<String, String> settings = new HashMap<>();
    settings.put("DATABASE_URL", site.url());
    settings.put("MP_COLLECTOR_ID", String.valueOf(credentials.collectorId()));
    settings.put("GHL_LOCATION_ID", credentials.locationId());
    settings.put("ACUSE_LEASE", "60s");
    settings.put("ACUSE_POLL_INTERVAL", "1s");
    settings.put("ACUSE_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    return settings;
  }

  private void makeAccounts() {
    sandbox.mercadoPago().payersMayRead(true);
    sandbox.goHighLevel().createUnknownContacts(true);
    for (int i = 0; i < APPLICATIONS; i++) {
      String id = applicationOf(i);
      call(
          201,
          "POST",
          "/api/applications",
          "{\"name\": \"agency-%d\", \"client_id\": \"%s\", \"webhook_secrets\": [\"%s\"]}"
              .formatted(i, id, sandbox.mercadoPago().application(id).secret()));
    }
    for (int i = 0; i < ACCOUNTS; i++) {
      long id = 2_000L + i;
      SandboxSeller seller = sandbox.mercadoPago().seller(id, token(i, 0));
      seller.application(applicationOf(i));
      SandboxLocation location =
          sandbox.goHighLevel().location("location%02d".formatted(i), "pit-crm-of-shop-" + i);
      location.createUnknownContacts(true);
      var shop = new Shop(i, seller, location);
      call(
          201,
          "POST",
          "/api/accounts",
          """
          {"name": "%s", "application": "agency-%d", "mp_user_id": "%d", "access_token": "%s",
           "location_id": "%s", "crm_token": "%s"}
          """
              .formatted(
                  shop.name(),
                  i % APPLICATIONS,
                  id,
                  seller.token(),
                  location.id(),
                  location.token()));
      shops.add(shop);
    }
  }

  private static String applicationOf(int shop) {
    return String.valueOf(7_910_000_000_000_100L + shop % APPLICATIONS);
  }

  private static String token(int shop, int renewals) {
    return "APP_USR-7910-112233-%016x%016x-%d".formatted(shop, renewals, 2_000 + shop);
  }

  private JsonNode call(int status, String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(acuse.url(path))
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != status) {
        throw new IllegalStateException(
            path + " was answered " + answer.statusCode() + " " + answer.body());
      }
      return RunningAcuse.json(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Sale sell(Shop shop, @Nullable Shop payer) {
    int number = references.getAndIncrement();
    String contact = "ofShop%dx%d".formatted(shop.number(), number);
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN,
            "ARS",
            "order-" + number % CHECKOUTS_OF_MAIN,
            "customer@example.test",
            shop.seller().userId(),
            Map.of("contact_id", contact));
    SandboxPayment payment =
        shop.seller()
            .payDirectly(
                terms.paidBy(payer == null ? 0 : payer.seller().userId()), PaymentOutcome.APPROVED)
            .payment();
    var sale = new Sale(shop, payment.id(), contact, payer);
    sales.put(String.valueOf(payment.id()), sale);
    if (payer != null) {
      purchases.computeIfAbsent(payer.number(), number1 -> new ConcurrentLinkedQueue<>()).add(sale);
    }
    return sale;
  }

  /** What the two buyers buy is of the other. */
  private @Nullable Shop payerOf(Shop shop) {
    return switch (shop.number()) {
      case FIRST_OTHER -> shops.get(FIRST_OTHER + 1);
      case FIRST_OTHER + 1 -> shops.get(FIRST_OTHER);
      default -> null;
    };
  }

  private Post newPayment(Shop shop) {
    Sale sale = sell(shop, payerOf(shop));
    String id = String.valueOf(sale.payment());
    return new Post(
        shop.number(), id, shop.address(), shop.seller().notifications().paymentCreated(id));
  }

  /**
   * What a seller hears beside its sales: what it bought, and topics that nothing is done about.
   */
  private Post other(Shop shop, int number) {
    Queue<Sale> bought = purchases.get(shop.number());
    Sale purchase = bought == null ? null : bought.poll();
    if (purchase != null) {
      String id = String.valueOf(purchase.payment());
      return new Post(
          shop.number(),
          "bought " + id,
          shop.address(),
          shop.seller().notifications().paymentCreated(id));
    }
    String subject = String.valueOf(5_000_000 + number);
    return new Post(
        shop.number(),
        "other " + subject,
        shop.address(),
        shop.seller().notifications().webhook("point_integration_wh", subject, "state_FINISHED"));
  }

  private Post ofOthers(int number) {
    Shop shop = shops.get(FIRST_OTHER + number / ROW % OTHERS);
    return number % ROW == 0 ? newPayment(shop) : other(shop, number);
  }

  private KeptLoad load(double perSecond, int connections, int most, IntFunction<Post> posts) {
    return KeptLoad.start(service(), perSecond, connections, most, posts);
  }

  private URI service() {
    return acuse.url("/");
  }

  /** The load of that many seconds on all, and what the twenty-seven had of it. */
  Times measure(int seconds) {
    List<KeptLoad> bad = isBad ? startBad() : List.of();
    awaitEffects(took(load(PER_SECOND, 16, WARM_UPS, this::ofOthers)));
    List<Sent> measured = took(load(PER_SECOND, 16, (int) (seconds * PER_SECOND), this::ofOthers));
    awaitEffects(measured);
    Instant end = Instant.now();
    for (KeptLoad one : bad) {
      sent.addAll(one.stop());
    }
    Map<String, Instant> effects = effects();
    List<Double> times = new ArrayList<>();
    for (Sent one : measured) {
      if (sales.containsKey(one.subject())) {
        Instant effect = effects.getOrDefault(one.subject(), end);
        times.add(Duration.between(one.due(), effect).toNanos() / 1e6);
      }
    }
    return new Times(
        p99(measured.stream().map(Sent::millis).toList()),
        times.stream().mapToDouble(time -> time).average().orElseThrow(),
        p99(times));
  }

  private List<Sent> took(KeptLoad load) {
    List<Sent> all = load.all();
    sent.addAll(all);
    return all;
  }

  private List<KeptLoad> startBad() {
    Shop flooded = shops.get(FLOODED);
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < FLOODED_PAYMENTS; i++) {
      payments.add(String.valueOf(sell(flooded, null).payment()));
    }
    shops.get(SLOW).seller().faults().latency(SLOW_ANSWER);
    shops.get(REVOKED).seller().revokeAll();
    IntFunction<Post> flood =
        number -> {
          String id = payments.get(number % payments.size());
          return new Post(
              FLOODED,
              "again " + id,
              flooded.address(),
              flooded.seller().notifications().paymentUpdated(id));
        };
    return List.of(
        load(FLOOD_PER_SECOND, 16, Integer.MAX_VALUE, flood),
        load(2, 2, Integer.MAX_VALUE, number -> newPayment(shops.get(SLOW))),
        load(2, 2, Integer.MAX_VALUE, number -> newPayment(shops.get(REVOKED))));
  }

  /** When each payment was first tagged. */
  private Map<String, Instant> effects() {
    Map<String, String> payments = new HashMap<>();
    sales.forEach((id, sale) -> payments.put(sale.contact(), id));
    Map<String, Instant> effects = new HashMap<>();
    for (Shop shop : shops) {
      for (TagCall call : shop.location().tagCalls()) {
        String payment = payments.get(call.contactId());
        if (payment != null) {
          effects.putIfAbsent(payment, call.at());
        }
      }
    }
    return effects;
  }

  private void awaitEffects(List<Sent> of) {
    List<String> payments =
        of.stream().map(Sent::subject).filter(sales::containsKey).distinct().toList();
    Instant end = Instant.now().plus(LATE);
    await()
        .atMost(LATE.plusSeconds(30))
        .until(() -> Instant.now().isAfter(end) || effects().keySet().containsAll(payments));
  }

  /**
   * Lets all come to its end, with a new token in place of the one that was revoked, and judges
   * what became of it. Ends the service.
   *
   * @return what is wrong
   */
  List<String> judge() throws SQLException {
    sandbox.mercadoPago().faults().none();
    sandbox.goHighLevel().faults().none();
    shops.get(SLOW).seller().faults().none();
    if (isBad) {
      Shop revoked = shops.get(REVOKED);
      revoked.seller().token(token(REVOKED, 1));
      call(
          200,
          "PATCH",
          "/api/accounts/" + revoked.name(),
          "{\"access_token\": \"%s\"}".formatted(revoked.seller().token()));
    }
    long acknowledged = sent.stream().filter(one -> one.status() == 200).count();
    await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(this::isQuiet);
    await().atMost(Duration.ofMinutes(1)).until(() -> isInLedger(acknowledged));
    acuse.terminate();
    return new AccountsOracle(site.url(), site.database().user(), sandbox)
        .wrong(shops, sales.values(), sent);
  }

  /** Nothing is due, nothing waits for an outage to end, and each payment has its tag. */
  private boolean isQuiet() {
    JsonNode stats = acuse.json("/api/stats");
    long waiting = 0;
    for (JsonNode count : stats.path("waiting")) {
      waiting += count.asLong();
    }
    return waiting == 0
        && stats.path("oldest_due_at").isNull()
        && effects().keySet().containsAll(sales.keySet());
  }

  private boolean isInLedger(long acknowledged) {
    JsonNode ledger = acuse.json("/api/ledger");
    long answered = 0;
    for (JsonNode run : ledger.path("runs")) {
      answered += run.path("stored").asLong() + run.path("duplicates").asLong();
      answered += run.path("spooled").asLong();
    }
    return answered == acknowledged
        && ledger.path("unaccounted").isNumber()
        && ledger.path("unaccounted").asLong() == 0;
  }

  /** How many webhooks were sent for an account. */
  long sentTo(int number) {
    return sent.stream().filter(one -> one.account() == number).count();
  }

  private static double p99(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) ((sorted.size() - 1) * 0.99));
  }

  @Override
  public void close() {
    acuse.close();
    site.close();
    sandbox.close();
  }
}

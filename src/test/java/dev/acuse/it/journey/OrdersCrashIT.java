package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.OrderNotifications;
import dev.acuse.sandbox.mercadopago.OrderTrait;
import dev.acuse.sandbox.mercadopago.PanelTopic;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application that has ticked nothing but <em>Order</em>. Its notifications are lost, doubled
 * and shuffled, and the process is killed three times meanwhile: in the end every order, payment,
 * checkout, dispute and tag is as the books of MercadoPago and of the CRM want it. {@code -Dorders}
 * says of how many orders.
 */
@Tag("slow")
@ParameterizedClass
@EnumSource
class OrdersCrashIT {
  private static final long SEED = 20_261_130;
  private static final int ORDERS = Integer.getInteger("orders", 155);
  private static final int KILLS = 3;
  private static final int PARTS = KILLS + 1;

  @TempDir private Path folder;

  private final Random random = new Random(SEED);
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final SandboxSeller seller = sandbox.mercadoPago().seller();
  private final Map<String, String> contacts = new HashMap<>();
  private final OrderOracle oracle = new OrderOracle(sandbox, contacts, KILLS);
  private final ShuffledMail mail = new ShuffledMail(sandbox, SEED);

  OrdersCrashIT(Engine engine) {
    database = TestDatabase.open(engine);
    database.disconnect();
  }

  @AfterEach
  void close() {
    mail.close();
    sandbox.close();
    database.close();
  }

  @Test
  void allIsAsItShouldBeThoughOnlyOrdersAreToldOfAndManyOfThoseAreNot() throws Exception {
    seller.tick(PanelTopic.ORDER);
    seller.onlineOrders().onChanged(order -> mail.post(notification(order)));
    // So that each kill meets calls that are under way.
    sandbox.mercadoPago().faults().latency(Duration.ofMillis(5));
    sandbox.goHighLevel().faults().latency(Duration.ofMillis(25));
    Path config = OrderConfig.write(folder);
    AcuseProcess acuse = start(config);
    long cutOff = 0;
    List<List<Happening>> parts = parts();
    for (int part = 0; part < PARTS; part++) {
      for (Happening happening : parts.get(part)) {
        happen(happening, acuse);
      }
      if (part < KILLS) {
        mail.hurry(true);
        acuse.kill();
        mail.hurry(false);
        cutOff += pending();
        acuse = start(config);
      }
    }
    mail.awaitBrought();
    awaitNothingToDo(acuse);
    acuse.terminate();

    assertThat(cutOff).as("events that the kills left").isPositive();
    try (Connection connection = connect()) {
      List<String> wrongs = oracle.wrongs(connection, mail.acknowledged());
      assertThat(wrongs).as("seed %d, %d orders", SEED, ORDERS).isEmpty();
      seesEachLie(connection);
    }
  }

  /** A step of an order's story; the first makes the order. */
  private record Happening(Sale sale, int step) {}

  /** A checkout and its order. */
  private static final class Sale {
    private final String reference;
    private final OrderStory story;
    private String orderId = "";

    Sale(int number) {
      this.reference = "order-" + number;
      this.story = OrderStory.ALL.get(number % OrderStory.ALL.size());
    }
  }

  /**
   * What happens before the first kill, between two of them, and after the last. No two steps of an
   * order are in the same part, because MercadoPago's dates tell no order within a second.
   */
  private List<List<Happening>> parts() {
    List<List<Happening>> parts = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      parts.add(new ArrayList<>());
    }
    for (int number = 0; number < ORDERS; number++) {
      var sale = new Sale(number);
      List<Integer> free = new ArrayList<>(List.of(0, 1, 2, 3));
      Collections.shuffle(free, random);
      int step = 0;
      for (int part : new TreeSet<>(free.subList(0, 1 + sale.story.steps().size()))) {
        parts.get(part).add(new Happening(sale, step++));
      }
    }
    parts.forEach(part -> Collections.shuffle(part, random));
    return parts;
  }

  private void happen(Happening happening, AcuseProcess acuse) {
    Sale sale = happening.sale();
    if (happening.step() == 0) {
      make(sale, acuse);
    } else {
      sale.story.steps().get(happening.step() - 1).happen(seller, sale.orderId);
    }
    if (chance(10)) {
      // The webhook then overtakes what it tells of.
      seller.onlineOrders().showFormer(sale.orderId, 1);
    }
    if (chance(50)) {
      mail.postSurely(sandbox.notifications().orders().simulated(OrderOracle.SIMULATED));
    }
    oracle.note(seller.onlineOrders().find(sale.orderId).orElseThrow());
  }

  private void make(Sale sale, AcuseProcess acuse) {
    String contact = "contact-" + sale.reference;
    contacts.put(sale.reference, contact);
    sandbox.goHighLevel().addContact(contact, null);
    int status =
        acuse.post(
            "/api/checkouts",
            """
            {"external_reference": "%s", "contact_id": "%s", "amount": %s, "currency": "ARS",
             "title": "Consulta"}
            """
                .formatted(sale.reference, contact, OrderStory.ASKED));
    assertThat(status).isEqualTo(201);
    Set<OrderTrait> traits = EnumSet.noneOf(OrderTrait.class);
    for (OrderTrait odd :
        List.of(
            OrderTrait.WITHOUT_TRANSACTIONS,
            OrderTrait.WITHOUT_CURRENCY,
            OrderTrait.THREE_DECIMALS)) {
      if (chance(10)) {
        traits.add(odd);
      }
    }
    seller.onlineOrders().prefix(chance(5) ? "ORDTST" : "ORD");
    sale.orderId = seller.onlineOrders().make(sale.reference, sale.story.total()).id();
    seller
        .onlineOrders()
        .traitsOf(sale.orderId, sale.story.traitsWith(traits).toArray(OrderTrait[]::new));
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private Notification notification(SandboxOnlineOrder order) {
    OrderNotifications make = sandbox.notifications().orders();
    return switch (random.nextInt(6)) {
      case 0 -> make.minimal(order.id(), "order." + order.status());
      case 1 -> make.older(order);
      case 2 -> make.verbatim(order);
      case 3 -> make.full(order);
      default -> make.online(order);
    };
  }

  private AcuseProcess start(Path config) {
    AcuseProcess acuse =
        AcuseProcess.startConfigured(
            config,
            database,
            sandbox,
            Map.of(
                "ACUSE_RECONCILE_EVERY", "2s",
                "ACUSE_RETRY_DELAYS", "500ms,1s,2s,4s,8s",
                "GHL_REQUESTS_PER_10S", "99"));
    mail.to(acuse);
    return acuse;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  private long pending() throws SQLException {
    try (Connection connection = connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT COUNT(*) FROM webhook_events WHERE status = 'pending'")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Waits until two comparisons in a row have found nothing, and no event waits. */
  private static void awaitNothingToDo(AcuseProcess acuse) {
    Instant since = Instant.now();
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertThat(quietRuns(acuse, since)).hasSizeGreaterThanOrEqualTo(2);
              assertThat(acuse.items("/api/webhook-events?status=pending&limit=1")).isEmpty();
              assertThat(acuse.items("/api/webhook-events?status=pending&origin=effect&limit=1"))
                  .isEmpty();
            });
  }

  private static List<JsonNode> quietRuns(AcuseProcess acuse, Instant since) {
    List<JsonNode> quiet = new ArrayList<>();
    for (JsonNode run : acuse.items("/api/reconciliation?limit=10")) {
      boolean isThrough = run.path("status").asText().equals("done");
      if (!isThrough || Instant.parse(run.path("created_at").asText()).isBefore(since)) {
        continue;
      }
      // An order that a look-up left behind is looked at again later, and not by the comparison.
      if (run.path("queued").asLong() > 0 || run.path("online_orders_behind").asLong() > 0) {
        break;
      }
      quiet.add(run);
    }
    return quiet;
  }

  /** A change of what is stored that the oracle must see, or it proves nothing. */
  private record Lie(String sees, List<String> sql) {
    Lie(String sees, String... sql) {
      this(sees, List.of(sql));
    }
  }

  private static final List<Lie> LIES =
      List.of(
          new Lie(
              "payment",
              "UPDATE webhook_events SET payment_id = NULL",
              "DELETE FROM payments WHERE id = (SELECT MIN(id) FROM payments)"),
          new Lie(
              "payment",
              "UPDATE payments SET status = 'pending'"
                  + " WHERE id = (SELECT MIN(id) FROM payments WHERE status = 'approved')"),
          new Lie(
              "payment",
              "UPDATE payments SET amount_refunded = 1"
                  + " WHERE id = (SELECT MIN(id) FROM payments WHERE status = 'approved')"),
          new Lie("order", "DELETE FROM mp_orders WHERE id = (SELECT MIN(id) FROM mp_orders)"),
          new Lie(
              "order",
              "UPDATE mp_orders SET payment_status = 'approved'"
                  + " WHERE id = (SELECT MIN(id) FROM mp_orders WHERE status = 'created')"),
          new Lie(
              "checkout",
              "UPDATE checkouts SET status = 'paid'"
                  + " WHERE id = (SELECT MIN(id) FROM checkouts WHERE status = 'partly_paid')"),
          new Lie(
              "event",
              "UPDATE webhook_events SET status = 'ignored'"
                  + " WHERE id = (SELECT MIN(id) FROM webhook_events WHERE status = 'success'"
                  + " AND event_type LIKE 'order%')"),
          new Lie(
              "event",
              "DELETE FROM webhook_events WHERE id ="
                  + " (SELECT MIN(id) FROM webhook_events WHERE event_type LIKE 'order%')"),
          new Lie(
              "dispute",
              "UPDATE disputes SET deadline = NULL"
                  + " WHERE id = (SELECT MIN(id) FROM disputes WHERE deadline IS NOT NULL"
                  + " AND kind = 'chargeback')"),
          new Lie(
              "claim",
              "DELETE FROM dispute_payments WHERE dispute_id ="
                  + " (SELECT MIN(id) FROM disputes WHERE kind = 'claim' AND closed_at IS NULL)"));

  /** Changes one thing at a time, and takes it back. */
  private void seesEachLie(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    for (Lie lie : LIES) {
      for (String sql : lie.sql()) {
        try (var statement = connection.createStatement()) {
          assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
        }
      }
      assertThat(oracle.wrongs(connection, mail.acknowledged()))
          .as("%s", List.of(lie.sql()))
          .isNotEmpty()
          .allMatch(wrong -> wrong.startsWith(lie.sees()) || lie.sees().equals("payment"));
      connection.rollback();
    }
    String tagged =
        contacts.values().stream()
            .filter(contact -> !sandbox.goHighLevel().tagsOf(contact).isEmpty())
            .findFirst()
            .orElseThrow();
    sandbox.goHighLevel().deleteContact(tagged);
    assertThat(oracle.wrongs(connection, mail.acknowledged()))
        .singleElement()
        .asString()
        .startsWith(tagged);
  }
}

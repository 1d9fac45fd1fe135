package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.OrderNotifications;
import dev.acuse.sandbox.mercadopago.PanelTopic;
import dev.acuse.sandbox.mercadopago.SandboxOnlineOrder;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An application that has ticked both <em>Payments</em> and <em>Order</em>: each change of the same
 * money is told of twice, 20 ms apart, now the one first and now the other, and on PostgreSQL to
 * two instances. Nothing is compared with MercadoPago, so that notifications alone make it right.
 */
@Tag("slow")
@ParameterizedClass
@EnumSource
class SameMoneyTwiceIT {
  private static final int SALES = 60;
  private static final Duration APART = Duration.ofMillis(20);
  private static final List<OrderStory> STORIES =
      List.of(
          OrderStory.PAID,
          OrderStory.PAID_BY_TWO,
          OrderStory.REFUNDED,
          OrderStory.PAID_AT_THE_SECOND_TRY,
          OrderStory.PAID_LATER);

  @TempDir private Path folder;

  private final TestDatabase database;
  private final int instances;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final SandboxSeller seller = sandbox.mercadoPago().seller();
  private final Map<String, String> contacts = new HashMap<>();
  private final OrderOracle oracle = new OrderOracle(sandbox, contacts, 0);
  private final List<Notification> ofPayment = new ArrayList<>();
  private final List<Notification> ofOrder = new ArrayList<>();
  private final List<CompletableFuture<Notifier.Answer>> answers = new ArrayList<>();
  private final List<Notifier> notifiers = new ArrayList<>();
  private int told;

  SameMoneyTwiceIT(Engine engine) {
    database = TestDatabase.open(engine);
    database.disconnect();
    instances = engine == Engine.POSTGRESQL ? 2 : 1;
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void isOnePaymentAndOneSetOfEffects() throws Exception {
    listen();
    List<AcuseProcess> all = new ArrayList<>();
    try {
      Path config = OrderConfig.write(folder);
      for (int instance = 0; instance < instances; instance++) {
        AcuseProcess started =
            AcuseProcess.startConfigured(
                config, database, sandbox, Map.of("GHL_REQUESTS_PER_10S", "99"));
        all.add(started);
        notifiers.add(sandbox.notifier(started.url("/webhooks/mp")));
      }
      sell(all.get(0));
    } finally {
      all.forEach(AcuseProcess::terminate);
    }

    try (Connection connection =
        DriverManager.getConnection(database.url(), database.user(), database.password())) {
      assertThat(oracle.wrongs(connection, Set.of())).isEmpty();
      assertThat(numbers(connection, EVENTS)).as("events of payments, and of orders").hasSize(2);
      assertThat(numbers(connection, EVENTS)).doesNotContain(0L);
      assertThat(numbers(connection, GENERATIONS))
          .as("each effect was wanted once")
          .containsOnly(1L);
      assertThat(numbers(connection, WORKERS)).as("each instance took part").hasSize(instances);
    }
  }

  private static final String EVENTS =
      """
      SELECT COUNT(*) FROM webhook_events
      WHERE origin = 'webhook' AND status = 'success' AND event_type IN ('payment', 'order')
      GROUP BY event_type
      """;

  /** The tag of what is refunded by now is wanted no more, which is a generation of its own. */
  private static final String GENERATIONS =
      "SELECT generation FROM effects WHERE wanted = 'present'";

  private static final String WORKERS =
      """
      SELECT COUNT(*) FROM webhook_attempts
      GROUP BY SUBSTRING(worker FROM 1 FOR POSITION('/' IN worker))
      """;

  private static List<Long> numbers(Connection connection, String sql) throws Exception {
    List<Long> numbers = new ArrayList<>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
  }

  private void listen() {
    seller.tick(PanelTopic.PAYMENT, PanelTopic.ORDER);
    seller.onPaymentChanged(
        change -> {
          String id = Long.toString(change.payment().id());
          ofPayment.add(
              change.created()
                  ? sandbox.notifications().paymentCreated(id)
                  : sandbox.notifications().paymentUpdated(id));
        });
    seller.onlineOrders().onChanged(order -> ofOrder.add(notification(order)));
  }

  private Notification notification(SandboxOnlineOrder order) {
    OrderNotifications make = sandbox.notifications().orders();
    return switch (told % 3) {
      case 0 -> make.full(order);
      case 1 -> make.minimal(order.id(), "order." + order.status());
      default -> make.online(order);
    };
  }

  private void sell(AcuseProcess acuse) {
    List<String> orders = new ArrayList<>();
    for (int sale = 0; sale < SALES; sale++) {
      orders.add(order(acuse, "order-" + sale));
    }
    ofOrder.clear();
    int most = STORIES.stream().mapToInt(story -> story.steps().size()).max().orElseThrow();
    for (int step = 0; step < most; step++) {
      for (int sale = 0; sale < SALES; sale++) {
        OrderStory story = STORIES.get(sale % STORIES.size());
        if (step < story.steps().size()) {
          story.steps().get(step).happen(seller, orders.get(sale));
          oracle.note(seller.onlineOrders().find(orders.get(sale)).orElseThrow());
          tell();
        }
      }
      // No change is told of before those of the step before are applied: dates are of a second.
      awaitNothingToDo(acuse);
    }
  }

  private String order(AcuseProcess acuse, String reference) {
    String contact = "contact-" + reference;
    contacts.put(reference, contact);
    sandbox.goHighLevel().addContact(contact, null);
    int status =
        acuse.post(
            "/api/checkouts",
            """
            {"external_reference": "%s", "contact_id": "%s", "amount": %s, "currency": "ARS",
             "title": "Consulta"}
            """
                .formatted(reference, contact, OrderStory.ASKED));
    assertThat(status).isEqualTo(201);
    return seller.onlineOrders().make(reference, OrderStory.ASKED).id();
  }

  /** Tells of the last change twice. */
  private void tell() {
    assertThat(ofPayment).hasSize(1);
    assertThat(ofOrder).hasSize(1);
    boolean isOrderFirst = told % 2 == 0;
    Notification first = (isOrderFirst ? ofOrder : ofPayment).get(0);
    Notification second = (isOrderFirst ? ofPayment : ofOrder).get(0);
    ofOrder.clear();
    ofPayment.clear();
    int instance = told / 2;
    answers.add(notifier(instance).sendAsync(first));
    answers.add(
        CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(APART.toMillis(), TimeUnit.MILLISECONDS))
            .thenCompose(later -> notifier(instance + 1).sendAsync(second)));
    told++;
  }

  private Notifier notifier(int number) {
    return notifiers.get(number % notifiers.size());
  }

  private void awaitNothingToDo(AcuseProcess acuse) {
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              assertThat(acuse.items("/api/webhook-events?status=pending&limit=1")).isEmpty();
              assertThat(acuse.items("/api/webhook-events?status=pending&origin=effect&limit=1"))
                  .isEmpty();
            });
  }
}

package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The service as a process that dies at any moment, on both engines. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class CrashIT {
  private static final int SALES = 8;

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  CrashIT(Engine engine) {
    database = TestDatabase.open(engine);
  }

  @BeforeEach
  void leaveTheFileToTheProcess() {
    database.disconnect();
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void eventsThatWereWorkedOnWhenTheProcessWasKilledAllEndWell() throws Exception {
    int kills = 2;
    AcuseProcess acuse = start();
    List<String> payments = sell(acuse);
    // Longer than a lease: whoever is killed is at the CRM.
    sandbox.goHighLevel().faults().latency(Duration.ofSeconds(3));
    for (String payment : payments) {
      notify(acuse, sandbox.notifications().paymentCreated(payment));
    }
    for (int i = 0; i < kills; i++) {
      AcuseProcess dying = acuse;
      await().atMost(Duration.ofSeconds(30)).until(() -> effects(dying, "processing").size() >= 4);
      acuse.kill();
      acuse = start();
    }
    sandbox.goHighLevel().faults().none();

    AcuseProcess survivor = acuse;
    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(() -> assertThat(effects(survivor, "success")).hasSize(SALES));
    for (int i = 0; i < SALES; i++) {
      assertThat(sandbox.goHighLevel().tagsOf("contact" + i)).containsExactly("pago_confirmado");
      assertThat(sandbox.goHighLevel().tagCalls("contact" + i))
          .as("at most one more call per crash")
          .hasSizeBetween(1, 1 + kills);
    }
    assertThat(effects(survivor, "success")).anyMatch(event -> event.path("rescues").asInt() > 0);
    survivor.close();
  }

  @Test
  void whatWasAcknowledgedIsStoredWheneverTheProcessIsKilled() throws Exception {
    var random = new Random(17);
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    for (int kill = 0; kill < 3; kill++) {
      try (AcuseProcess acuse = start()) {
        int before = acknowledged.size();
        int enough = before + 20 + random.nextInt(60);
        underLoad(acuse, acknowledged, () -> await().until(() -> acknowledged.size() > enough));
      }
    }

    assertThat(acknowledged).hasSizeGreaterThan(60);
    assertThat(storedIds()).containsAll(acknowledged);
  }

  /** Read from the database itself, once no process has it open. */
  private List<String> storedIds() {
    return Jdbi.create(database.url(), database.user(), database.password())
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT webhook_id FROM webhook_events")
                    .mapTo(String.class)
                    .list());
  }

  private AcuseProcess start() {
    return AcuseProcess.start(database, sandbox, Map.of());
  }

  /** Registers checkouts and has them paid; answers the payments' ids. */
  private List<String> sell(AcuseProcess acuse) {
    List<String> payments = new ArrayList<>();
    for (int i = 0; i < SALES; i++) {
      sandbox.goHighLevel().addContact("contact" + i, null);
      int status =
          acuse.post(
              "/api/checkouts",
              """
              {"external_reference": "order-%d", "contact_id": "contact%d", "amount": 10,
               "currency": "ARS", "title": "Consulta"}
              """
                  .formatted(i, i));
      assertThat(status).isEqualTo(201);
      payments.add(
          String.valueOf(
              sandbox.mercadoPago().pay("order-" + i, PaymentOutcome.APPROVED).payment().id()));
    }
    return payments;
  }

  private void notify(AcuseProcess acuse, Notification notification) throws IOException {
    assertThat(sandbox.notifier(acuse.url("/webhooks/mp")).send(notification).status())
        .isEqualTo(200);
  }

  /** Sends notifications from eight threads until the action is done, then kills the process. */
  private void underLoad(AcuseProcess acuse, Set<String> acknowledged, Runnable action)
      throws InterruptedException {
    ExecutorService senders = Executors.newFixedThreadPool(8);
    var stopped = new AtomicBoolean();
    Notifier notifier = sandbox.notifier(acuse.url("/webhooks/mp"));
    try {
      for (int i = 0; i < 8; i++) {
        senders.execute(
            () -> {
              while (!stopped.get()) {
                sendOne(notifier, acknowledged);
              }
            });
      }
      action.run();
      acuse.kill();
    } finally {
      stopped.set(true);
      senders.shutdownNow();
      assertThat(senders.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void sendOne(Notifier notifier, Set<String> acknowledged) {
    try {
      Notifier.Answer answer =
          notifier.send(sandbox.notifications().webhook("a_topic_of_no_handler", "42", "x"));
      if (answer.status() == 200) {
        acknowledged.add(RunningAcuse.json(answer.body()).path("webhook_id").asText());
      }
    } catch (IOException e) {
      // No answer is no acknowledgement.
      assertThat(e).isNotNull();
    }
  }

  /** The events that carry effects out and are in a status. */
  private static List<JsonNode> effects(AcuseProcess acuse, String status) {
    List<JsonNode> events = new ArrayList<>();
    acuse
        .items("/api/webhook-events?limit=500&origin=effect&status=" + status)
        .forEach(events::add);
    return events;
  }
}

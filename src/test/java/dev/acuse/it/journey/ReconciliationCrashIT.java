package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Notifications are lost, doubled and shuffled, and the process dies three times meanwhile. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class ReconciliationCrashIT {
  private static final long SEED = 20_260_302;
  private static final int PAYMENTS = 80;
  private static final double DROPPED = 0.3;
  private static final double DOUBLED = 0.1;

  private final Random random = new Random(SEED);
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  ReconciliationCrashIT(Engine engine) {
    database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void everythingIsAsMercadoPagoHasItInTheEnd() {
    database.disconnect();
    List<Notification> notifications = new ArrayList<>();
    AcuseProcess acuse = start();
    for (int kill = 0; kill < 4; kill++) {
      for (int i = 0; i < PAYMENTS / 4; i++) {
        announce(notifications, pay("k" + kill + "x" + i));
      }
      Collections.shuffle(notifications, random);
      for (Notification notification : notifications) {
        sendAndForget(acuse, notification);
      }
      notifications.clear();
      if (kill < 3) {
        acuse.kill();
        acuse = start();
      }
    }
    AcuseProcess survivor = acuse;
    await()
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(() -> assertThat(ours(survivor)).as("seed %s", SEED).isEqualTo(theirs()));
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(tags()).as("seed %s", SEED).isEqualTo(tagsDue()));
    assertThat(survivor.items("/api/webhook-events?origin=reconciliation&limit=500")).isNotEmpty();
    for (SandboxPayment payment : sandbox.mercadoPago().payments()) {
      assertThat(sandbox.goHighLevel().tagCalls(contact(payment)))
          .as("one call, and one more a crash")
          .hasSizeLessThanOrEqualTo(4);
    }
    survivor.close();
  }

  private AcuseProcess start() {
    return AcuseProcess.start(database, sandbox, Map.of("ACUSE_RECONCILE_EVERY", "1s"));
  }

  /** A payment, changed once or twice after it was made. */
  private SandboxPayment pay(String contact) {
    sandbox.goHighLevel().addContact(contact, null);
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN,
            "ARS",
            null,
            null,
            sandbox.options().credentials().collectorId(),
            Map.of("contact_id", contact));
    SandboxPayment made =
        sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.PENDING).payment();
    PaymentOutcome then =
        random.nextInt(3) == 0 ? PaymentOutcome.REJECTED : PaymentOutcome.APPROVED;
    return sandbox.mercadoPago().change(made.id(), then).payment();
  }

  private void announce(List<Notification> notifications, SandboxPayment payment) {
    String id = String.valueOf(payment.id());
    for (Notification notification :
        List.of(
            sandbox.notifications().paymentCreated(id),
            sandbox.notifications().paymentUpdated(id))) {
      if (random.nextDouble() >= DROPPED) {
        notifications.add(notification);
        if (random.nextDouble() < DOUBLED) {
          notifications.add(notification);
        }
      }
    }
  }

  private void sendAndForget(AcuseProcess acuse, Notification notification) {
    try {
      Notifier.Answer answer = sandbox.notifier(acuse.url("/webhooks/mp")).send(notification);
      assertThat(answer.status()).isEqualTo(200);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> ours(AcuseProcess acuse) {
    Map<String, String> statuses = new LinkedHashMap<>();
    for (JsonNode payment : acuse.items("/api/payments?limit=500")) {
      statuses.put(payment.path("mp_payment_id").asText(), payment.path("status").asText());
    }
    return statuses;
  }

  private Map<String, String> theirs() {
    Map<String, String> statuses = new LinkedHashMap<>();
    for (SandboxPayment payment : sandbox.mercadoPago().payments()) {
      statuses.put(String.valueOf(payment.id()), payment.status());
    }
    return statuses;
  }

  private Map<String, List<String>> tags() {
    Map<String, List<String>> tags = new LinkedHashMap<>();
    for (SandboxPayment payment : sandbox.mercadoPago().payments()) {
      tags.put(contact(payment), sandbox.goHighLevel().tagsOf(contact(payment)));
    }
    return tags;
  }

  private Map<String, List<String>> tagsDue() {
    Map<String, List<String>> tags = new LinkedHashMap<>();
    for (SandboxPayment payment : sandbox.mercadoPago().payments()) {
      boolean approved = payment.status().equals("approved");
      tags.put(contact(payment), approved ? List.of("pago_confirmado") : List.of());
    }
    return tags;
  }

  private static String contact(SandboxPayment payment) {
    return String.valueOf(payment.terms().metadata().get("contact_id"));
  }
}

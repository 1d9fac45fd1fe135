package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.gohighlevel.SandboxGoHighLevel;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The process is killed twenty times on the way of a tag: after the webhook is on disk, while the
 * payment is looked up, when the call has come to the CRM, and when the CRM has carried it out and
 * nothing is recorded. The sandbox's own books say what came of it.
 */
@Tag("slow")
@ParameterizedClass
@EnumSource
class EffectCrashIT {
  private static final int KILLS = 3 * Moment.values().length;

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  EffectCrashIT(Engine engine) {
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

  /** Where a process is killed; see the class. */
  private enum Moment {
    STORED,
    LOOKED_UP,
    CALLED,
    CARRIED_OUT
  }

  @Test
  void eachTagIsPutOnOnceWhateverTheMomentOfTheKill() throws IOException {
    List<String> payments = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      AcuseProcess acuse = AcuseProcess.start(database, sandbox, Map.of());
      SandboxGoHighLevel crm = sandbox.goHighLevel();
      crm.faults().none();
      // What a kill has cut off is done before the next: so each crash is at one tag.
      awaitTags(acuse, payments);
      String payment = Sales.sell(acuse, sandbox, kill);
      payments.add(payment);
      // So that the answer, and the record after it, come later than the kill.
      crm.faults().latency(Duration.ofSeconds(1));
      long lookUps = sandbox.mercadoPago().requestCount("/v1/payments/" + payment);
      long calls = crm.requestCount("/contacts/contact" + kill);
      Sales.notify(acuse, sandbox, payment);
      String contact = "contact" + kill;
      switch (Moment.values()[kill % Moment.values().length]) {
        case STORED -> {}
        case LOOKED_UP ->
            soon(() -> sandbox.mercadoPago().requestCount("/v1/payments/" + payment) > lookUps);
        case CALLED -> soon(() -> crm.requestCount("/contacts/" + contact) > calls);
        case CARRIED_OUT -> soon(() -> !crm.tagsOf(contact).isEmpty());
      }
      acuse.kill();
    }

    sandbox.goHighLevel().faults().none();
    try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, Map.of())) {
      awaitTags(acuse, payments);
    }

    for (int i = 0; i < KILLS; i++) {
      assertThat(sandbox.goHighLevel().tagsOf("contact" + i)).containsExactly("pago_confirmado");
    }
    assertThat(sandbox.goHighLevel().tagCalls())
        .as("each tag once, and at most one more call a crash")
        .hasSizeBetween(KILLS, 2 * KILLS)
        .filteredOn(call -> !call.changed().isEmpty())
        .hasSize(KILLS);
  }

  private static void awaitTags(AcuseProcess acuse, List<String> payments) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> payments.forEach(payment -> assertThat(tagged(acuse, payment)).hasSize(1)));
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(30)).until(condition);
  }

  /** The tags of a payment that are on its contact. */
  private static List<JsonNode> tagged(AcuseProcess acuse, String mpPaymentId) {
    List<JsonNode> applied = new ArrayList<>();
    for (JsonNode found : acuse.items("/api/payments?payment_id=" + mpPaymentId)) {
      for (JsonNode tag : acuse.json("/api/payments/" + found.path("id").asLong()).path("tags")) {
        if (!tag.path("applied_at").isNull()) {
          applied.add(tag);
        }
      }
    }
    return applied;
  }
}

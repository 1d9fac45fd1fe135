package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.PreviousRelease;
import dev.acuse.support.Sales;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The release that users have now is replaced by this version on the same folder. */
@Tag("slow")
class UpgradeIT {
  private static final Map<String, String> MIGRATES = Map.of("ACUSE_MIGRATE_ON_START", "true");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatThePreviousReleaseHasTakenInGoesOn(boolean killed) throws Exception {
    PreviousRelease release = PreviousRelease.build();
    try (TestDatabase database = TestDatabase.openEmpty(Engine.H2);
        Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.disconnect();
      String waiting;
      try (AcuseProcess old = AcuseProcess.startRelease(release, database, sandbox, MIGRATES)) {
        for (int i = 0; i < 3; i++) {
          Sales.notify(old, sandbox, Sales.sell(old, sandbox, i));
        }
        await().until(() -> old.items("/api/payments?status=approved").size() == 3);
        await().until(() -> sandbox.goHighLevel().tagCalls().size() == 3);
        sandbox.mercadoPago().faults().latency(Duration.ofSeconds(4));
        waiting = Sales.sell(old, sandbox, 3);
        Sales.notify(old, sandbox, waiting);
        if (killed) {
          old.kill();
        } else {
          old.terminate();
        }
        sandbox.mercadoPago().faults().none();
      }

      try (AcuseProcess acuse = AcuseProcess.start(database, sandbox, MIGRATES)) {
        await().until(() -> acuse.items("/api/payments?status=approved").size() == 4);
        await().until(() -> tagged(acuse) == 4);
        for (int i = 0; i < 3; i++) {
          assertThat(sandbox.goHighLevel().tagCalls("contact" + i)).as("sale %d", i).hasSize(1);
        }
        assertThat(acuse.items("/api/webhook-events?limit=500")).hasSize(4);
        Sales.notify(acuse, sandbox, Sales.sell(acuse, sandbox, 4));
        await().until(() -> acuse.items("/api/payments?status=approved").size() == 5);
        await().until(() -> acuse.json("/api/stats").path("unaccounted").asLong(-1) == 0);
      }
    }
  }

  private static long tagged(AcuseProcess acuse) {
    long tagged = 0;
    for (JsonNode payment : acuse.items("/api/payments?status=approved")) {
      JsonNode one = acuse.json("/api/payments/" + payment.path("id").asLong());
      tagged += one.path("tags").path(0).path("applied_at").isTextual() ? 1 : 0;
    }
    return tagged;
  }
}

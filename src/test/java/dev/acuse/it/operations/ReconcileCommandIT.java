package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.support.AcuseCommand;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code reconcile}, by hand or by cron. */
@Tag("slow")
@ParameterizedClass
@EnumSource
class ReconcileCommandIT {
  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  ReconcileCommandIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    sandbox.close();
    database.close();
  }

  @Test
  void windowIsComparedAndItsEventsAreLeftToBeProcessed() {
    var terms = new SandboxPayment.Terms(BigDecimal.TEN, "ARS", null, null, 1, Map.of());
    sandbox.mercadoPago().payDirectly(terms, PaymentOutcome.APPROVED);
    database.disconnect();

    assertThat(run("--from", "9999-01-01T00:00:00Z").lastLine())
        .isEqualTo("--from must not be in the future");
    assertThat(run("--account", "none").lastLine())
        .isEqualTo("--account must be the name of an account");
    assertThat(run("--dry-run").lastLine()).contains("MercadoPago has 1, we had 0", "dry run");
    assertThat(run().lastLine()).contains("done: MercadoPago has 1, we had 0", "1 events");
    assertThat(AcuseCommand.run(database, sandbox, "process").lastLine())
        .isEqualTo("1 attempts; of the events, 1 are now success");
  }

  @Test
  void outageOfMercadoPagoLeavesTheWindowToBeTakenUpAgain() {
    database.disconnect();
    sandbox.mercadoPago().faults().always(503);

    AcuseCommand.Ended out = run();

    assertThat(out.output()).doesNotContain("\tat ");
    assertThat(out.lastLine()).contains("waits: MercadoPago is out");
  }

  private AcuseCommand.Ended run(String... options) {
    return AcuseCommand.run(database, sandbox, "reconcile", options);
  }
}

package dev.acuse.it.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.inbox.EventReader;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service on a PostgreSQL whose transactions are stricter than it needs. */
@Tag("slow")
class IsolationIT {
  private static final int EVENTS = 160;

  @ParameterizedTest
  @ValueSource(strings = {"serializable", "repeatable read"})
  void noEventIsLeftLeasedWhateverTheServersDefault(String level) throws Exception {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      setDefault(database, level);
      try (var acuse = RunningAcuse.start(database, sandbox, Map.of("dispatch.lease", "5m"))) {
        List<Notification> all = sales(acuse, sandbox);
        all.parallelStream()
            .forEach(one -> assertThat(acuse.send(one).body()).contains("\"stored\""));

        var reader =
            new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
        // Each webhook, and the tag that follows from it.
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(
                () ->
                    assertThat(reader.countByStatus(Scope.everything()))
                        .containsEntry(EventStatus.SUCCESS, 2L * EVENTS));
        assertThat(database.count("webhook_attempts WHERE outcome = 'success'"))
            .isEqualTo(2 * EVENTS);
        // A tag that finds its turn at GoHighLevel taken is handed back.
        assertThat(
                database.count(
                    "webhook_attempts WHERE outcome <> 'success'"
                        + " AND COALESCE(reason, '') <> 'rate_used_up'"))
            .isZero();
        await().until(() -> database.count("webhook_leases") == 0);
      }
    }
  }

  private static List<Notification> sales(RunningAcuse acuse, Sandbox sandbox) {
    List<Notification> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      acuse.checkout("order-" + i, "contact" + i);
      var payment = sandbox.mercadoPago().pay("order-" + i, PaymentOutcome.APPROVED).payment();
      all.add(sandbox.notifications().paymentCreated(String.valueOf(payment.id())));
    }
    return all;
  }

  private static void setDefault(TestDatabase database, String level) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.url());
        var statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE %s SET default_transaction_isolation TO '%s'"
              .formatted(connection.getCatalog(), level));
    }
  }
}

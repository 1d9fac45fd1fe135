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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two instances of the service on one PostgreSQL. */
class TwoInstancesIT {
  private static final int CHECKOUTS = 100;
  private static final int EVENTS_PER_CHECKOUT = 10;
  private static final int EVENTS = CHECKOUTS * EVENTS_PER_CHECKOUT;

  @Test
  void aThousandEventsAreEachWorkedOnOnceAtATimeAndNoneIsLeft() {
    try (var database = TestDatabase.open(Engine.POSTGRESQL);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
        var one = RunningAcuse.start(database, sandbox, Map.of());
        var other = RunningAcuse.start(database, sandbox, Map.of())) {
      List<Notification> all = notifications(one, sandbox);
      for (int i = 0; i < all.size(); i++) {
        assertThat((i % 2 == 0 ? one : other).send(all.get(i)).body()).contains("\"stored\"");
      }

      var reader =
          new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  reader.countByStatus(Scope.everything()).getOrDefault(EventStatus.SUCCESS, 0L)
                      == EVENTS + CHECKOUTS);

      assertThat(workers(database)).as("both took part").hasSize(2);
      assertThat(count(database, "SELECT COUNT(*) FROM webhook_attempts WHERE outcome = 'success'"))
          .as("each webhook once, and each checkout's tag")
          .isEqualTo(EVENTS + CHECKOUTS);
      assertThat(count(database, OVERLAPPING)).as("attempts at one event at one time").isZero();
      assertThat(count(database, "SELECT COUNT(*) FROM webhook_events WHERE rescues > 0")).isZero();
      for (int i = 0; i < CHECKOUTS; i++) {
        assertThat(sandbox.goHighLevel().tagCalls("contact" + i)).hasSize(1);
      }
    }
  }

  private static final String OVERLAPPING =
      """
      SELECT COUNT(*) FROM webhook_attempts a JOIN webhook_attempts b
        ON a.event_id = b.event_id AND a.number < b.number AND b.started_at < a.finished_at
      """;

  private static List<Notification> notifications(RunningAcuse acuse, Sandbox sandbox) {
    List<Notification> all = new ArrayList<>();
    for (int i = 0; i < CHECKOUTS; i++) {
      acuse.checkout("order-" + i, "contact" + i);
      var paid = sandbox.mercadoPago().pay("order-" + i, PaymentOutcome.APPROVED);
      String payment = String.valueOf(paid.payment().id());
      String order = String.valueOf(paid.payment().orderId());
      for (int j = 0; j < EVENTS_PER_CHECKOUT; j++) {
        all.add(
            j % 5 == 0
                ? sandbox.notifications().merchantOrder(order, "closed")
                : sandbox.notifications().paymentUpdated(payment));
      }
    }
    Collections.shuffle(all, new Random(5));
    return all;
  }

  private static List<String> workers(TestDatabase database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("SELECT DISTINCT split_part(worker, '/', 1) FROM webhook_attempts")
                    .mapTo(String.class)
                    .list());
  }

  private static long count(TestDatabase database, String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}

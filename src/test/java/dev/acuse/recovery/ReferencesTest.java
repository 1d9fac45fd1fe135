package dev.acuse.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.h2.H2Identities;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd.Next;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Ends;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  private final ManualClock clock = ManualClock.create();

  @Test
  void eventOfAnOlderPageEndsThoughAttemptsOfItsOldNumberAreThere() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      var store = new EventStore(database.jdbi(), clock, 4);
      var reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
      store.append(Events.pending("a"));
      Ends.end(store, claim(store), Next.SUCCEED, clock.instant());
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "UPDATE webhook_events SET status = 'pending', claim_no = 0, attempts = 0,"
                          + " next_retry_at = received_at, finished_at = NULL"));

      References.mend(database.jdbi());

      assertThat(Ends.end(store, claim(store), Next.SUCCEED, clock.instant())).isTrue();
      WebhookEvent event = reader.findByWebhookId(Scope.everything(), "a").orElseThrow();
      assertThat(event.status()).isEqualTo(EventStatus.SUCCESS);
      assertThat(reader.attempts(Scope.everything(), event.id())).hasSize(2);
    }
  }

  @Test
  void anAccountWhoseApplicationIsLostIsSignedForByNoOther() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("SET REFERENTIAL_INTEGRITY FALSE");
                handle.execute("UPDATE accounts SET application_id = 9");
                handle.execute("DELETE FROM account_settings");
              });

      References.mend(database.jdbi());

      assertThat(database.count("applications WHERE id = 9 AND name = 'lost-9'")).isEqualTo(1);
      assertThat(database.count("applications WHERE id = 1")).isEqualTo(1);
      assertThat(database.count("account_settings WHERE version = 0")).isEqualTo(1);
      References.accountsAreLost(database.jdbi());
      assertThat(database.count("account_settings WHERE version = -1")).isEqualTo(1);
    }
  }

  @Test
  void idOfALostAccountThatHasEventsIsNotGivenAgain() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      var store = new EventStore(database.jdbi(), clock, 4);
      store.append(Events.pending("a"));
      store.append(Events.pending("b"));
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("SET REFERENTIAL_INTEGRITY FALSE");
                handle.execute("UPDATE webhook_events SET account_id = 7 WHERE webhook_id = 'a'");
                handle.execute("UPDATE webhook_events SET account_id = 0 WHERE webhook_id = 'b'");
              });

      References.mend(database.jdbi());
      H2Identities.repair(database.jdbi());

      database.jdbi().useHandle(handle -> handle.execute("SET REFERENTIAL_INTEGRITY TRUE"));
      assertThat(database.count("accounts")).isEqualTo(2);
      assertThat(
              database.count(
                  "accounts a JOIN applications p ON p.id = a.application_id"
                      + " WHERE a.id = 7 AND a.name = 'lost-7' AND a.state = 'paused'"
                      + " AND p.id > 1 AND p.webhook_secrets IS NULL"))
          .as("signed for by no secret, and worked on by no one")
          .isEqualTo(1);
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "INSERT INTO accounts (uuid, name, display_name, state, application_id,"
                          + " created_at, updated_at) VALUES ('u', 'next', 'next', 'active', 1,"
                          + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)"));
      assertThat(database.count("accounts WHERE name = 'next' AND id = 8")).isEqualTo(1);
    }
  }

  /** A file of version 1.0.0 may break at the upgrade. */
  @Test
  void whatTheVersionBeforeHadNoHandlerForIsFoundInABrokenFileToo() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      var store = new EventStore(database.jdbi(), clock, 4);
      for (String key : List.of("order", "delivery", "ignored-by-ana")) {
        store.append(Events.pending(key));
      }
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute(
                    "UPDATE webhook_events SET status = 'ignored', event_type = webhook_id,"
                        + " signature = 'verified', next_retry_at = NULL,"
                        + " finished_at = received_at, last_error ="
                        + " CONCAT('no handler for ', webhook_id)");
                handle.execute(
                    "UPDATE webhook_events SET last_error = NULL"
                        + " WHERE webhook_id = 'ignored-by-ana'");
              });

      References.mend(database.jdbi());

      assertThat(database.count("unhandled_events WHERE topic = 'order' AND verified = TRUE"))
          .isEqualTo(1);
      assertThat(database.count("unhandled_events")).isEqualTo(1);
    }
  }

  @Test
  void whatIsLeftOfALostOrderGoesWithItAndItsAccountIsMadeUpFor() {
    try (TestDatabase database = TestDatabase.open(Engine.H2)) {
      database
          .jdbi()
          .useHandle(
              handle -> {
                handle.execute("SET REFERENTIAL_INTEGRITY FALSE");
                handle.execute(
                    "INSERT INTO mp_orders (id, account_id, mp_order_id, status, payment_status,"
                        + " created_at, updated_at) VALUES (1, 7, 'ORD1', 'created', 'pending',"
                        + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)");
                handle.execute(
                    "INSERT INTO mp_order_payments (order_id, account_id, mp_payment_id)"
                        + " VALUES (1, 7, '11'), (2, 7, '12')");
              });

      References.mend(database.jdbi());

      database.jdbi().useHandle(handle -> handle.execute("SET REFERENTIAL_INTEGRITY TRUE"));
      assertThat(database.count("mp_order_payments WHERE order_id = 1")).isEqualTo(1);
      assertThat(database.count("mp_order_payments")).isEqualTo(1);
      assertThat(database.count("accounts WHERE id = 7 AND name = 'lost-7'")).isEqualTo(1);
    }
  }

  private static WebhookEvent claim(EventStore store) {
    return store.claim(Claims.due("me", 1, Duration.ofSeconds(60))).get(0);
  }
}

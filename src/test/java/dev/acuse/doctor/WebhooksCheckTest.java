package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.acuse.inbox.DeliveryReader;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@code doctor} looks where no service runs that knows the accounts. */
class WebhooksCheckTest {
  private final ManualClock clock = ManualClock.create();

  @ParameterizedTest
  @EnumSource
  void theLastWebhookIsThatOfAnyAccount(Engine engine) {
    try (var database = TestDatabase.open(engine)) {
      TwoAccounts.store(database.jdbi(), clock.instant());
      var check = new WebhooksCheck(new DeliveryReader(database.jdbi()), clock);
      insert(database, TwoAccounts.A, "a", "payment", 600);
      insert(database, TwoAccounts.B, "b", "payment", 60);
      insert(database, TwoAccounts.B, "b2", "topic_claims_integration_wh", 300);

      assertThat(check.look())
          .extracting(Finding::name, Finding::text)
          .contains(
              tuple("webhooks.last", "the last webhook came at " + ago(60)),
              tuple("webhooks.payment", "payments were told of at " + ago(60)));
    }
  }

  private String ago(long seconds) {
    return clock.instant().minusSeconds(seconds).toString();
  }

  private void insert(
      TestDatabase database, long account, String key, String type, long secondsAgo) {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        INSERT INTO webhook_events (account_id, webhook_id, source, event_type,
                          resource_id, lane, status, max_attempts, signature, raw_payload,
                          payload_size, origin, headers, received_at, updated_at,
                          last_delivered_at, finished_at)
                        VALUES (:account, :key, 'mp', :type, '1', :lane, 'success', 4,
                          'verified', :body, 2, 'webhook', '{}', :at, :at, :at, :at)
                        """)
                    .bind("account", account)
                    .bind("lane", "mp:" + account)
                    .bind("key", key)
                    .bind("type", type)
                    .bind("body", "{}".getBytes(StandardCharsets.UTF_8))
                    .bind("at", clock.instant().minusSeconds(secondsAgo))
                    .execute());
  }
}

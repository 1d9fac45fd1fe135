package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.Lane;
import dev.acuse.event.Lease;
import dev.acuse.event.Place;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.AttemptEnd;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.LoggedLines;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.TwoAccounts;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AttemptReportTest {
  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database = TestDatabase.open(Engine.H2);
  private final AttemptReport report =
      new AttemptReport(new MetricRegistry(), id -> id == TwoAccounts.B ? "shop-b" : "main");

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsLoggedMeanwhileCarriesTheNameOfTheAccount() {
    report.enter(event(TwoAccounts.B), null);
    assertThat(MDC.get("account")).isEqualTo("shop-b");
    assertThat(MDC.get("account_id")).isEqualTo("2");

    AttemptReport.leave();
    assertThat(MDC.get("account")).isNull();
    assertThat(MDC.get("account_id")).isNull();
  }

  @Test
  void theLineOfAnAttemptNamesItsAccount() {
    WebhookEvent event = event(TwoAccounts.B);
    try (var logged = new LoggedLines(AttemptReport.class)) {
      report.tell(event, end(event), 1_000_000, true, null);

      assertThat(logged.lines())
          .singleElement()
          .asString()
          .startsWith("attempt webhook_id=" + event.webhookId() + " account_id=2 account=shop-b ");
    }
    assertThat(MDC.get("account")).isNull();
  }

  @Test
  void theLineOfMainDoesNot() {
    WebhookEvent event = event(Place.MAIN_ACCOUNT);
    try (var logged = new LoggedLines(AttemptReport.class)) {
      report.tell(event, end(event), 1_000_000, true, null);

      assertThat(logged.lines()).singleElement().asString().doesNotContain("account");
    }
  }

  private WebhookEvent event(long account) {
    var store = new EventStore(database.jdbi(), clock, 4);
    store.append(Events.pending("a", Lane.mercadoPago(account)));
    database
        .jdbi()
        .useHandle(handle -> handle.execute("UPDATE webhook_events SET account_id = ?", account));
    return new EventReader(database.jdbi(), clock, TwoAccounts.known())
        .findByWebhookId(Scope.everything(), "a")
        .orElseThrow();
  }

  private AttemptEnd end(WebhookEvent event) {
    var attempt =
        new Attempt(
            event.id(),
            1,
            "me",
            clock.instant(),
            clock.instant(),
            AttemptOutcome.SUCCESS,
            null,
            null,
            null,
            List.of(),
            null);
    return new AttemptEnd(
        AttemptEnd.Next.SUCCEED, new Lease(event.id(), "me", 1), attempt, null, null, null, null);
  }
}

package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.Attempt;
import dev.acuse.event.AttemptOutcome;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.inbox.EventStore;
import dev.acuse.support.Claims;
import dev.acuse.support.Engine;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestAccounts;
import dev.acuse.support.TestDatabase;
import io.dropwizard.jackson.Jackson;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody sets the clock of the database while events wait and run. */
@ParameterizedClass
@EnumSource
class ClockStepTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ManualClock clock = ManualClock.create();
  private final TestDatabase database;
  private final EventStore store;
  private final EventReader reader;
  private final DispatchConfiguration config;
  private final CountDownLatch slowMayEnd = new CountDownLatch(1);
  private final Dispatcher dispatcher;

  ClockStepTest(Engine engine) throws IOException {
    database = TestDatabase.open(engine);
    store = new EventStore(database.jdbi(), clock, 4);
    reader = new EventReader(database.jdbi(), clock, TestAccounts.MAIN_ALONE);
    config =
        Jackson.newObjectMapper()
            .readValue(
                """
                {"workers": 2, "pollInterval": "20ms", "shutdownGracePeriod": "1s", "lease": "3s"}
                """,
                DispatchConfiguration.class);
    var policy = new RetryPolicy(config.retryDelays(), config.outagePatience(), new Random(1));
    var metrics = new MetricRegistry();
    var runner =
        new AttemptRunner(
            store,
            Handlers.all(new Handler()),
            new Lanes(List.of(), Claims.KINDS),
            event -> policy,
            clock,
            metrics);
    dispatcher =
        new Dispatcher(store, runner, new Lanes(List.of(), Claims.KINDS), config, "me", metrics);
  }

  /** "slow" takes as long as the test likes, "flaky" fails once, the others succeed. */
  private final class Handler implements Handlers.Work {
    @Override
    public Outcome handle(WebhookEvent event, AttemptLog attempt) {
      if (event.webhookId().equals("slow")) {
        await().until(() -> slowMayEnd.getCount() == 0);
      }
      boolean fails = event.webhookId().equals("flaky") && event.attempts() == 1;
      return fails ? Outcome.retry("error", "once", null) : Outcome.done();
    }
  }

  @AfterEach
  void close() throws Exception {
    slowMayEnd.countDown();
    dispatcher.stop();
    database.close();
  }

  @Test
  void anHourAheadTakesNoEventFromWhoWorksOnIt() {
    store.append(Events.pending("slow"));
    dispatcher.start();
    await().until(() -> event("slow").status() == EventStatus.PROCESSING);

    // the order of a measurement: the new time holds, and then all are told of it
    dispatcher.onClockStep(Duration.ofSeconds(30));
    clock.advance(HOUR);
    await().until(() -> leaseEnd("slow").isAfter(clock.instant()));
    slowMayEnd.countDown();

    awaitSuccess("slow");
    assertThat(attempts("slow"))
        .extracting(Attempt::outcome)
        .containsExactly(AttemptOutcome.SUCCESS);
  }

  @Test
  void anHourBackStrandsNoNewEvent() {
    store.append(Events.pending("new"));
    clock.advance(HOUR.negated());

    dispatcher.start();

    awaitSuccess("new");
  }

  @Test
  void anHourBackStrandsNoRetry() {
    store.append(Events.pending("flaky"));
    dispatcher.start();
    await().until(() -> attempts("flaky").size() == 1);

    clock.advance(HOUR.negated());
    dispatcher.onClockStep(Duration.ZERO);

    awaitSuccess("flaky");
  }

  @Test
  void anHourBackStrandsNoLeaseOfAProcessThatIsGone() {
    store.append(Events.pending("left"));
    assertThat(store.claim(Claims.due("gone", 1, config.lease()))).hasSize(1);
    clock.advance(HOUR.negated());
    dispatcher.start();
    await()
        .until(() -> leaseEnd("left").isBefore(clock.instant().plus(config.lease()).plusMillis(1)));

    clock.advance(config.lease().plusMillis(1));

    awaitSuccess("left");
    assertThat(attempts("left"))
        .extracting(Attempt::outcome)
        .containsExactly(AttemptOutcome.LEASE_EXPIRED, AttemptOutcome.SUCCESS);
  }

  private void awaitSuccess(String webhookId) {
    await().until(() -> event(webhookId).status() == EventStatus.SUCCESS);
  }

  private java.time.Instant leaseEnd(String webhookId) {
    return Objects.requireNonNull(event(webhookId).leaseExpiresAt());
  }

  private WebhookEvent event(String webhookId) {
    return reader.findByWebhookId(Scope.everything(), webhookId).orElseThrow();
  }

  private List<Attempt> attempts(String webhookId) {
    return reader.attempts(Scope.everything(), event(webhookId).id());
  }
}

package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.database.h2.SyncFailure;
import dev.acuse.effect.CrmLanes;
import dev.acuse.effect.FoundTags;
import dev.acuse.inbox.AttemptsAllowed;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Fence;
import dev.acuse.inbox.Outbox;
import dev.acuse.payment.TagCarryOver;
import dev.acuse.payment.TagRules;
import dev.acuse.support.Engine;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import io.dropwizard.lifecycle.Managed;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CarryOverTest {
  private final ManualClock clock = ManualClock.create();

  @Test
  void whatDoesNotBeginIsBegunInALaterTurnAndHoldsUpNothingElse() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      CarryOver carryOver = carryOver(database, () -> true);
      var first = new Part();
      var failing = new Part();
      var last = new Part();
      failing.fails.set(true);
      Managed heldFirst = carryOver.holding(first);
      Managed heldFailing = carryOver.holding(failing);
      Managed heldLast = carryOver.holding(last);
      heldFirst.start();
      heldFailing.start();
      heldLast.start();
      assertThat(first.begun).hasValue(0);

      carryOver.serverStarted(new Server());

      assertThat(first.begun).hasValue(1);
      assertThat(last.begun).hasValue(1);
      assertThat(carryOver.isDone()).isFalse();
      assertThat(carryOver.check().isHealthy()).isFalse();
      assertThat(carryOver.check().getMessage())
          .isEqualTo("Part has not begun, and is tried again");

      failing.fails.set(false);
      await().until(carryOver::isDone);
      assertThat(carryOver.check().isHealthy()).isTrue();
      assertThat(failing.begun).hasValue(1);
      assertThat(first.begun).as("begun once").hasValue(1);
      assertThat(last.begun).as("begun once").hasValue(1);

      var late = new Part();
      Managed heldLate = carryOver.holding(late);
      heldLate.start();
      assertThat(late.begun).hasValue(1);

      heldFailing.stop();
      heldFirst.stop();
      assertThat(failing.ended).hasValue(1);
      assertThat(first.ended).hasValue(1);
      carryOver.stop();
    }
  }

  @Test
  void whatHasNotBegunIsNotEnded() throws Exception {
    try (var database = TestDatabase.open(Engine.H2)) {
      var looks = new AtomicInteger();
      // No later turn tries it again.
      CarryOver carryOver = carryOver(database, () -> looks.getAndIncrement() == 0);
      var failing = new Part();
      failing.fails.set(true);
      Managed held = carryOver.holding(failing);
      held.start();

      carryOver.serverStarted(new Server());
      held.stop();
      carryOver.stop();

      assertThat(failing.ended).hasValue(0);
    }
  }

  private CarryOver carryOver(TestDatabase database, BooleanSupplier isUpToDate) {
    var events = new EventStore(database.jdbi(), clock, 4);
    var outbox =
        new Outbox(clock, AttemptsAllowed.always(4), new SyncFailure(() -> {}), events.due());
    return new CarryOver(
        new Fence(database.jdbi(), clock),
        new TagCarryOver(
            database.jdbi(),
            new TagRules(Map.of()),
            new FoundTags(outbox, clock, CrmLanes.at("location"))),
        events,
        true,
        isUpToDate);
  }

  private static final class Part implements Managed {
    private final AtomicBoolean fails = new AtomicBoolean();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @Override
    public void start() {
      if (fails.get()) {
        throw new IllegalStateException("no thread is left");
      }
      begun.incrementAndGet();
    }

    @Override
    public void stop() {
      ended.incrementAndGet();
    }
  }
}

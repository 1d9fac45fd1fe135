package dev.acuse.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.Place;
import dev.acuse.http.ProblemException;
import dev.acuse.support.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HintAdmissionTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger trims = new AtomicInteger();
  private final AtomicBoolean hasRoom = new AtomicBoolean(true);
  private final CountDownLatch trimMayEnd = new CountDownLatch(1);
  private volatile CountDownLatch lookUpsMayGoOn = new CountDownLatch(0);
  private final ExecutorService answers = Executors.newFixedThreadPool(2);
  private final HintAdmission hints =
      new HintAdmission(
          this::isKnown,
          hasRoom::get,
          account -> trim(),
          new IntakeConfiguration(),
          nanos::get,
          answers,
          new MetricRegistry());

  @AfterEach
  void close() {
    trimMayEnd.countDown();
    answers.shutdownNow();
  }

  @Test
  void floodThatIsFasterThanItsLookUpsLeavesTheOthersInTime() {
    lookUpsMayGoOn = new CountDownLatch(1);
    List<CompletableFuture<Duration>> flood = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      flood.add(admit(hint("unknown-" + i), "198.51.100." + i % 4));
    }
    // Whatever is not asked has a place among the unknown by then, or none.
    await().until(() -> flood.stream().filter(CompletableFuture::isDone).count() > 2_900);

    CompletableFuture<Duration> known = admit(hint("known"), "192.0.2.1");
    lookUpsMayGoOn.countDown();
    assertThat(known.join()).isZero();

    long taken = flood.stream().filter(one -> one.handle((w, e) -> e == null).join()).count();
    assertThat(taken).isBetween(500L, 610L);
  }

  @Test
  void nothingIsLookedUpForWhatWouldBeRefusedInAnyCase() {
    for (int i = 0; i < 200; i++) {
      admitAndWait("known", "198.51.100.1");
      admitAndWait("unknown", "198.51.100.1");
    }
    int before = asked.get();

    assertThatThrownBy(() -> admit(hint("known"), "198.51.100.1").join())
        .hasCauseInstanceOf(ProblemException.class);
    assertThat(asked).hasValue(before);
  }

  @Test
  void trimIsDueForWhatWasTakenOnlyAndNoLookUpWaitsForIt() {
    for (int i = 0; i < 1_200; i++) {
      admitAndWait("unknown", "198.51.100.1");
    }

    assertThat(admit(hint("known"), "192.0.2.1").join()).as("beside a trim").isZero();
    trimMayEnd.countDown();
    await().pollDelay(Duration.ofMillis(100)).untilAsserted(() -> assertThat(trims).hasValue(1));
  }

  @Test
  void whatIsKeptOfTheHeadCountsAsWellAsTheBody() {
    int taken = 0;
    while (isTaken(large(), "198.51.100.1")) {
      taken++;
    }

    assertThat(taken).as("150 at a unit each").isBetween(150 / 4, 160 / 4);
  }

  @Test
  void nothingIsTakenForWhichTheDiskHasNoRoom() {
    hasRoom.set(false);
    assertThat(isTaken(hint("known"), "198.51.100.1")).isFalse();
    assertThat(asked).hasValue(0);

    hasRoom.set(true);
    assertThat(isTaken(hint("known"), "198.51.100.1")).isTrue();
  }

  private CompletableFuture<Duration> admit(NewEvent event, String sender) {
    return hints.admit(event, Place.MAIN_ACCOUNT, sender);
  }

  private boolean isTaken(NewEvent event, String sender) {
    return admit(event, sender).handle((wait, failure) -> failure == null).join();
  }

  /** The largest that was one unit: most of it is in its head. */
  private static NewEvent large() {
    String word = "w".repeat(512);
    NewEvent small = Events.hint("unknown", EventStatus.PENDING, "b".repeat(2_047));
    return new NewEvent(
        small.webhookId(),
        small.source(),
        small.eventType(),
        small.action(),
        small.resourceId(),
        small.status(),
        small.reason(),
        small.signature(),
        small.origin(),
        small.rawPayload(),
        "q".repeat(4_096),
        Map.of("x-signature", word, "x-request-id", word, "user-agent", word));
  }

  private void admitAndWait(String resource, String sender) {
    assertThat(admit(hint(resource), sender).handle((wait, failure) -> true).join()).isTrue();
  }

  private static NewEvent hint(String key) {
    return Events.hint(key, EventStatus.PENDING, "{}");
  }

  private boolean isKnown(NewEvent event) {
    asked.incrementAndGet();
    awaitQuietly(lookUpsMayGoOn);
    return event.webhookId().equals("known");
  }

  private int trim() {
    trims.incrementAndGet();
    awaitQuietly(trimMayEnd);
    return 0;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

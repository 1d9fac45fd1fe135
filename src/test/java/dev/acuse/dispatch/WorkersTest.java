package dev.acuse.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final int MANY = 200;

  private final Workers workers = new Workers(MANY);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();

  @AfterEach
  void stop() {
    end.countDown();
    workers.stop();
  }

  @Test
  void attemptsThatWaitHaveAThreadEach() {
    workers.submit(Collections.nCopies(MANY, turn -> hang()));

    await().untilAsserted(() -> assertThat(begun).hasValue(MANY));
  }

  @Test
  void oneThatHangsHoldsNoLaterOneUp() {
    workers.submit(List.of(turn -> hang()));
    await().untilAsserted(() -> assertThat(begun).hasValue(1));
    for (int i = 1; i < MANY; i++) {
      workers.submit(List.of(turn -> begun.incrementAndGet()));
    }

    await().untilAsserted(() -> assertThat(begun).hasValue(MANY));
  }

  @Test
  void attemptsThatWaitForNothingShareAFewThreads() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    workers.submit(
        Collections.nCopies(
            100 * MANY,
            turn -> {
              threads.add(Thread.currentThread());
              begun.incrementAndGet();
            }));

    await().untilAsserted(() -> assertThat(begun).hasValue(100 * MANY));
    assertThat(threads).hasSizeLessThan(MANY);
  }

  @Test
  void oneThatThrowsTakesNoOtherWithIt() {
    workers.submit(
        Collections.nCopies(
            MANY,
            turn -> {
              begun.incrementAndGet();
              throw new AssertionError("on purpose");
            }));

    await().untilAsserted(() -> assertThat(begun).hasValue(MANY));
  }

  @Test
  void noMoreRunAtOnceThanThereAreTurns() {
    workers.submit(Collections.nCopies(3 * MANY, turn -> hang()));

    await().untilAsserted(() -> assertThat(begun).hasValue(MANY));
    workers.submit(List.of(turn -> hang()));
    assertThat(begun).hasValue(MANY);
    end.countDown();
    await().untilAsserted(() -> assertThat(begun).hasValue(3 * MANY + 1));
  }

  @Test
  void whoseTurnIsEndedLetsTheNextOneRunButOnce() {
    Queue<Workers.Turn> held = new ConcurrentLinkedQueue<>();
    workers.submit(
        Collections.nCopies(
            MANY + 2,
            turn -> {
              held.add(turn);
              hang();
            }));
    await().untilAsserted(() -> assertThat(begun).hasValue(MANY));
    Workers.Turn first = held.remove();

    first.end();
    first.end();

    await().untilAsserted(() -> assertThat(begun).hasValue(MANY + 1));
    held.remove().end();
    await().untilAsserted(() -> assertThat(begun).hasValue(MANY + 2));
  }

  private void hang() {
    begun.incrementAndGet();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

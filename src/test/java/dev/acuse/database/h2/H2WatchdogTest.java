package dev.acuse.database.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.database.CallWatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class H2WatchdogTest {
  private final CallWatch calls = new CallWatch();
  private final AtomicInteger ends = new AtomicInteger();
  private final H2Watchdog watchdog = new H2Watchdog(calls, ends::incrementAndGet);

  @Test
  void callThatNeverEndsIsStuckAfterThirtyLooksAndEndsTheProcessAfterSixty() {
    var hangs = new CountDownLatch(1);
    CompletableFuture<Boolean> call = begin(hangs);

    look(31);
    assertThat(watchdog.isStuck()).isFalse();
    look(1);
    assertThat(watchdog.isStuck()).isTrue();
    assertThat(ends).hasValue(0);
    look(100);
    assertThat(ends).hasValue(1);

    hangs.countDown();
    call.join();
    look(1);
    assertThat(watchdog.isStuck()).isFalse();
  }

  @Test
  void callsThatEndAreNotStuckHoweverManyThereAre() {
    for (int i = 0; i < 100; i++) {
      var hangs = new CountDownLatch(1);
      CompletableFuture<Boolean> call = begin(hangs);
      look(20);
      hangs.countDown();
      call.join();
    }

    assertThat(watchdog.isStuck()).isFalse();
    assertThat(ends).hasValue(0);
  }

  private CompletableFuture<Boolean> begin(CountDownLatch hangs) {
    CompletableFuture<Boolean> call =
        CompletableFuture.supplyAsync(() -> calls.watch(() -> await(hangs)));
    Awaitility.await()
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .until(() -> calls.oldest().isPresent());
    return call;
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      watchdog.look();
    }
  }
}

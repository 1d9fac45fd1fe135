package dev.acuse.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashingLaneTest {
  private final HashingLane lane = new HashingLane();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void close() {
    release.countDown();
    threads.shutdownNow();
  }

  @Test
  void oneWorksAtATimeAndOneSourceCannotKeepTheOthersOut() {
    List<CompletableFuture<String>> flood = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      flood.add(check("192.0.2.1"));
    }
    await().until(() -> flood.stream().filter(CompletableFuture::isDone).count() == 47);
    CompletableFuture<String> other = check("198.51.100.1");
    release.countDown();

    assertThat(other.join()).isEqualTo("checked");
    assertThat(flood.stream().map(CompletableFuture::join).filter("busy"::equals)).hasSize(47);
    assertThat(most).hasValue(1);
    await().until(() -> check("192.0.2.1").join().equals("checked"));
  }

  @Test
  void fewWaitHoweverManyTheSourcesAre() {
    List<CompletableFuture<String>> flood = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      flood.add(check("192.0.2." + i));
    }
    await().until(() -> flood.stream().filter(CompletableFuture::isDone).count() == 44);
    release.countDown();

    assertThat(flood.stream().map(CompletableFuture::join).filter("checked"::equals)).hasSize(16);
  }

  @Test
  void aFailureGivesTheTurnBack() {
    CompletableFuture<String> failing =
        CompletableFuture.supplyAsync(
            () ->
                lane.run(
                    "192.0.2.1",
                    () -> {
                      throw new IllegalStateException("of a test");
                    },
                    "busy"),
            threads);
    release.countDown();

    assertThat(failing.handle((answer, failure) -> failure != null).join()).isTrue();
    assertThat(check("192.0.2.1").join()).isEqualTo("checked");
  }

  private CompletableFuture<String> check(String source) {
    return CompletableFuture.supplyAsync(() -> lane.run(source, this::work, "busy"), threads);
  }

  private String work() {
    most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    atOnce.decrementAndGet();
    return "checked";
  }
}

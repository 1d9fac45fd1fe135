package dev.acuse.console.session;

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
  void aNewcomerTakesAPlaceOfTheWiderNetworkThatHasMost() {
    List<CompletableFuture<String>> flood = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      flood.add(check("192.0.2." + i));
    }
    await().until(() -> most.get() == 1 && lane.places() == 16);
    CompletableFuture<String> newcomer = check("198.51.100.1");
    CompletableFuture<String> another = check("203.0.113.1");
    await().until(() -> flood.stream().filter(CompletableFuture::isDone).count() == 2);
    assertThat(check("192.0.2.99").join()).as("of the network that has most").isEqualTo("busy");
    release.countDown();

    assertThat(newcomer.join()).isEqualTo("checked");
    assertThat(another.join()).isEqualTo("checked");
    assertThat(flood.stream().map(CompletableFuture::join).filter("busy"::equals)).hasSize(2);
    assertThat(most).as("at once").hasValue(1);
  }

  @Test
  void placesOfNetworksThatHaveOneEachAreTheirs() {
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      all.add(check("192.0." + i + ".1"));
    }
    await().until(() -> lane.places() == 16);

    assertThat(check("198.51.100.1").join()).isEqualTo("busy");
    release.countDown();
    assertThat(all.stream().map(CompletableFuture::join)).containsOnly("checked");
  }

  @Test
  void aFailureGivesTheTurnBack() {
    CompletableFuture<String> failing =
        CompletableFuture.supplyAsync(
            () ->
                lane.run(
                    "192.0.2.1",
                    "192.0.2.0/24",
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
    return CompletableFuture.supplyAsync(
        () -> lane.run(source, wider(source), this::work, "busy"), threads);
  }

  private static String wider(String source) {
    return source.substring(0, source.lastIndexOf('.'));
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

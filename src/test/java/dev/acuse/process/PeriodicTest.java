package dev.acuse.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PeriodicTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

  @Test
  void aTaskRunsAgainInADaemonThreadOfItsName() throws Exception {
    var periodic = new Periodic("its-name", () -> seen.add(Thread.currentThread()));
    periodic.start(Duration.ZERO, SOON);

    Thread thread = (Thread) next();
    assertThat(next()).isSameAs(thread);
    assertThat(thread.getName()).isEqualTo("its-name");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(periodic.stop(LONG)).isTrue();
  }

  @Test
  void aTaskThatThrowsIsReportedAndRunsAgain() throws Exception {
    var failure = new IOException("always");
    var periodic =
        new Periodic(
            "failing",
            () -> {
              throw failure;
            },
            seen::add);
    periodic.start(Duration.ZERO, SOON);

    assertThat(next()).isSameAs(failure);
    assertThat(next()).isSameAs(failure);
    periodic.stop();
  }

  @Test
  void aReportThatThrowsDoesNotEndItEither() throws Exception {
    var periodic =
        new Periodic(
            "failing",
            () -> {
              throw new IOException("always");
            },
            failure -> {
              seen.add(failure);
              throw new IllegalStateException("the report fails as well");
            });
    periodic.start(Duration.ZERO, SOON);

    next();
    next();
    periodic.stop();
  }

  @Test
  void aRunThatIsUnderWayIsWaitedForAndNotInterrupted() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    var periodic =
        new Periodic(
            "busy",
            () -> {
              begun.countDown();
              go.await();
            },
            failure -> interrupted.set(true));
    periodic.start(Duration.ZERO, LONG);
    begun.await();

    assertThat(periodic.stop(SOON)).isFalse();
    go.countDown();
    assertThat(periodic.stop(LONG)).isTrue();
    assertThat(interrupted).isFalse();
  }

  @Test
  void itCanBeInterruptedWhereThatDoesNoHarm() throws Exception {
    var begun = new CountDownLatch(1);
    var periodic =
        new Periodic(
            "interrupted",
            () -> {
              begun.countDown();
              new CountDownLatch(1).await();
            },
            seen::add);
    periodic.start(Duration.ZERO, LONG);
    begun.await();

    periodic.interrupt();

    assertThat(next()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void oneRunMayBeTheCallers() {
    var periodic = new Periodic("callers", () -> seen.add(Thread.currentThread()));

    periodic.runOnce();

    assertThat(seen).containsExactly(Thread.currentThread());
  }

  private Object next() throws InterruptedException {
    Object next = seen.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return Objects.requireNonNull(next);
  }
}

package dev.acuse.faults;

import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier.Answer;
import dev.acuse.support.RunningAcuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Sends notifications at a fixed rate, whatever becomes of the ones before, and notes what was
 * answered. A latency runs from when a notification was due to be sent.
 */
final class Load implements AutoCloseable {
  private static final int MOST_UNDER_WAY = 2_000;

  /** Delivers one notification and waits for the answer. */
  interface Sender {
    /**
     * Sends it once.
     *
     * @throws IOException if there is no answer
     */
    Answer send(Notification notification) throws IOException;
  }

  /**
   * One delivery.
   *
   * @param resource what it was about
   * @param status the HTTP status; 0 if there was none
   * @param webhookId the key in the answer; empty if there was none
   */
  record Sent(
      int number,
      String resource,
      int status,
      String webhookId,
      String stored,
      long latencyMillis) {
    boolean isAcknowledged() {
      return status / 100 == 2;
    }
  }

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService senders = Executors.newFixedThreadPool(64);
  private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final IntFunction<Notification> notifications;
  private final Supplier<Sender> target;
  private final AtomicInteger numbers = new AtomicInteger();

  /**
   * @param notifications the notification with a number
   * @param target asked for each delivery, for a service that was restarted has another port
   */
  private Load(IntFunction<Notification> notifications, Supplier<Sender> target) {
    this.notifications = notifications;
    this.target = target;
  }

  /** Starts at once. */
  static Load start(
      int perSecond, IntFunction<Notification> notifications, Supplier<Sender> target) {
    var load = new Load(notifications, target);
    var unused =
        load.clock.scheduleAtFixedRate(
            load::sendNext, 0, 1_000_000L / perSecond, TimeUnit.MICROSECONDS);
    return load;
  }

  private void sendNext() {
    if (!underWay.tryAcquire()) {
      return;
    }
    int which = numbers.getAndIncrement();
    long due = System.nanoTime();
    senders.execute(
        () -> {
          try {
            sent.add(send(which, due));
          } finally {
            underWay.release();
          }
        });
  }

  private Sent send(int which, long due) {
    Notification notification = notifications.apply(which);
    int status = 0;
    String body = "{}";
    try {
      var answer = target.get().send(notification);
      status = answer.status();
      body = answer.body();
    } catch (IOException e) {
      body = "{\"status\": \"" + e.getClass().getSimpleName() + "\"}";
    }
    var json = RunningAcuse.json(body);
    return new Sent(
        which,
        String.valueOf(notification.signedId()),
        status,
        json.path("webhook_id").asText(),
        json.path("status").asText(),
        Duration.ofNanos(System.nanoTime() - due).toMillis());
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** Sends no more, waits for the answers, and writes the journal. */
  List<Sent> stop(Path journal) {
    if (!endsWithin(Duration.ofMinutes(1))) {
      throw new IllegalStateException("a delivery has no answer after a minute");
    }
    return written(journal);
  }

  /** The same, but what has no answer in time counts as one that had none. */
  List<Sent> stop(Path journal, Duration patience) {
    boolean ended = endsWithin(patience);
    senders.shutdownNow();
    for (int missing = sent.size(); !ended && missing < numbers.get(); missing++) {
      sent.add(new Sent(-1, "", 0, "", "", patience.toMillis()));
    }
    return written(journal);
  }

  private boolean endsWithin(Duration time) {
    clock.shutdownNow();
    senders.shutdown();
    try {
      return senders.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<Sent> written(Path journal) {
    try {
      Files.createDirectories(journal.getParent());
      Files.write(
          journal,
          sent.stream().map(Sent::toString).toList(),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sent();
  }

  /** The 99th percentile of the time to an answer that acknowledged; 0 if there was none. */
  static long p99(List<Sent> all) {
    return percentile(all, 0.99);
  }

  /** So large a share was answered no later; 1 for the slowest. */
  static long percentile(List<Sent> all, double share) {
    long[] latencies =
        all.stream().filter(Sent::isAcknowledged).mapToLong(Sent::latencyMillis).sorted().toArray();
    return latencies.length == 0 ? 0 : latencies[(int) ((latencies.length - 1) * share)];
  }

  @Override
  public void close() {
    clock.shutdownNow();
    senders.shutdownNow();
  }
}

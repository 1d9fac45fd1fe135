package dev.acuse.sandbox.mercadopago;

import dev.acuse.sandbox.http.BoundedExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends notifications to one address, as MercadoPago does. Thread-safe. */
public final class Notifier {
  /** MercadoPago waits this long for the first answer to a notification. */
  private static final Duration PATIENCE = Duration.ofSeconds(22);

  /** What it waits for the answer to a repeated one. */
  private static final Duration PATIENCE_WITH_REPEATS = Duration.ofSeconds(5);

  /**
   * What the receiver answered.
   *
   * @param status of HTTP; MercadoPago takes 200 and 201 for "received", anything else not
   * @param body cut off at 64 KiB
   */
  public record Answer(int status, String body) {
    /** Whether MercadoPago would leave it at that. */
    public boolean isAccepted() {
      return status == 200 || status == 201;
    }
  }

  private final URI webhookUrl;
  private final Notifications notifications;
  private final HttpClient client;
  private final Executor threads;

  /**
   * @param webhookUrl http or https; a query that it has is kept, as MercadoPago keeps it
   */
  public Notifier(URI webhookUrl, Notifications notifications, Executor threads) {
    this(webhookUrl, notifications, threads, client(threads));
  }

  /**
   * @param client from {@link #client}; many notifiers may share one, which has a thread of its own
   */
  public Notifier(
      URI webhookUrl, Notifications notifications, Executor threads, HttpClient client) {
    this.webhookUrl = webhookUrl;
    this.notifications = notifications;
    this.threads = threads;
    this.client = client;
  }

  /** A client that calls as MercadoPago does. */
  public static HttpClient client(Executor threads) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(PATIENCE_WITH_REPEATS)
        .executor(threads)
        .build();
  }

  /** Builds what this notifier sends. */
  public Notifications notifications() {
    return notifications;
  }

  /**
   * Sends it once and waits for the answer. The same notification may be sent again: it is then the
   * same to the byte.
   *
   * @throws IOException if there is no answer
   */
  public Answer send(Notification notification) throws IOException {
    try {
      return sendAsync(notification).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  /** Sends it once; the future fails if there is no answer. */
  public CompletableFuture<Answer> sendAsync(Notification notification) {
    return sendAsync(notification, PATIENCE);
  }

  /**
   * Sends it until it is accepted: at once, then, signed anew, after each of these waits. The
   * future holds the last answer, accepted or not, or fails if the last try had none.
   *
   * @param waits MercadoPago's own are 15 min, 30 min, 6 h, 48 h and 96 h
   */
  public CompletableFuture<Answer> deliverUntilAccepted(
      Notification notification, List<Duration> waits) {
    var delivered = new CompletableFuture<Answer>();
    attempt(notification, PATIENCE, waits, delivered);
    return delivered;
  }

  private void attempt(
      Notification notification,
      Duration patience,
      List<Duration> waits,
      CompletableFuture<Answer> delivered) {
    var unused =
        sendAsync(notification, patience)
            .whenComplete(
                (answer, failure) -> {
                  boolean done = answer != null && answer.isAccepted();
                  if (done || waits.isEmpty()) {
                    settle(delivered, answer, failure);
                  } else {
                    repeatLater(notification, waits, delivered);
                  }
                });
  }

  private void repeatLater(
      Notification notification, List<Duration> waits, CompletableFuture<Answer> delivered) {
    CompletableFuture.delayedExecutor(waits.get(0).toNanos(), TimeUnit.NANOSECONDS, threads)
        .execute(
            () ->
                attempt(
                    notifications.resign(notification),
                    PATIENCE_WITH_REPEATS,
                    waits.subList(1, waits.size()),
                    delivered));
  }

  private static void settle(
      CompletableFuture<Answer> delivered, @Nullable Answer answer, @Nullable Throwable failure) {
    if (answer != null) {
      delivered.complete(answer);
    } else {
      delivered.completeExceptionally(
          failure != null ? failure : new IllegalStateException("neither answer nor failure"));
    }
  }

  private CompletableFuture<Answer> sendAsync(Notification notification, Duration patience) {
    return BoundedExchange.send(client, request(notification), patience)
        .thenApply(answer -> new Answer(answer.status(), answer.body()));
  }

  private HttpRequest request(Notification notification) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target(notification.query()))
            .POST(BodyPublishers.ofByteArray(notification.body()));
    notification.headers().forEach(request::header);
    return request.build();
  }

  private URI target(String query) {
    if (query.isEmpty()) {
      return webhookUrl;
    }
    String separator = webhookUrl.getRawQuery() == null ? "?" : "&";
    return URI.create(webhookUrl + separator + query);
  }
}

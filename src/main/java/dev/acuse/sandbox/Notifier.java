package dev.acuse.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends notifications to a webhook's address. Thread-safe. */
public final class Notifier {
  /** MercadoPago waits so long for a first delivery (Webhooks page). */
  private static final Duration PATIENCE = Duration.ofSeconds(22);

  /** What the receiver answered. */
  public record Answer(int status, String body) {}

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI webhookUrl;

  /**
   * A sender to this address.
   *
   * @param webhookUrl without a query
   */
  public Notifier(URI webhookUrl) {
    this.webhookUrl = webhookUrl;
  }

  /**
   * Sends one notification and waits for the answer.
   *
   * @throws IOException if there is none
   */
  public Answer send(Notification notification) throws IOException, InterruptedException {
    var response = client.send(request(notification), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body());
  }

  /** Sends one notification; fails with an {@link IOException} if there is no answer. */
  public CompletableFuture<Answer> sendAsync(Notification notification) {
    return client
        .sendAsync(request(notification), BodyHandlers.ofString())
        .thenApply(response -> new Answer(response.statusCode(), response.body()));
  }

  private HttpRequest request(Notification notification) {
    var request =
        HttpRequest.newBuilder(URI.create(webhookUrl + "?" + notification.query()))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(notification.body()));
    notification.headers().forEach(request::header);
    return request.build();
  }
}

package dev.acuse.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.BoundedExchange;
import dev.acuse.sandbox.http.Json;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a merchant's own system asks of Acuse: to register what is to be paid. Thread-safe. */
final class AcuseApi {
  /** A customer's purchase. */
  record Purchase(
      String externalReference,
      String contactId,
      BigDecimal amount,
      String currency,
      String title,
      String payerEmail) {

    private ObjectNode json() {
      return Json.object()
          .put("external_reference", externalReference)
          .put("contact_id", contactId)
          .put("amount", amount)
          .put("currency", currency)
          .put("title", title)
          .put("payer_email", payerEmail);
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int UNAVAILABLE = 503;
  private static final int TRIES = 6;

  private final URI checkouts;
  private final @Nullable String token;
  private final HttpClient client;

  AcuseApi(URI base, @Nullable String token, Executor threads) {
    this.checkouts = URI.create(base.toString().replaceFirst("/+$", "") + "/api/checkouts");
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .executor(threads)
            .build();
  }

  /**
   * Registers a purchase; the future holds the status, or fails if there is no answer. Whoever is
   * told 503 asks again, a few times: registering is idempotent.
   */
  CompletableFuture<Integer> register(Purchase purchase) {
    return register(purchase, TRIES);
  }

  private CompletableFuture<Integer> register(Purchase purchase, int tries) {
    return registerOnce(purchase)
        .thenCompose(
            status ->
                status == UNAVAILABLE && tries > 1
                    ? register(purchase, tries - 1)
                    : CompletableFuture.completedFuture(status));
  }

  private CompletableFuture<Integer> registerOnce(Purchase purchase) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(checkouts)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.bytes(purchase.json())));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return BoundedExchange.send(client, request.build(), PATIENCE)
        .thenApply(BoundedExchange.Answer::status);
  }
}

package dev.acuse.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Customers of the demo: each registers a checkout with Acuse, pays it at the sandbox, and has
 * MercadoPago notify as it does in earnest: twice, by webhook and by IPN, in any order, and by
 * merchant order too. Used by one thread at a time.
 */
public final class CheckoutTraffic {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int REGISTRATIONS = 10;

  private final Sandbox sandbox;
  private final URI acuse;
  private final Notifier notifier;
  private final Notifications notifications;
  private final Consumer<String> narrator;
  private final Random random;
  private final HttpClient client = HttpClient.newHttpClient();
  private int customers;

  /**
   * Customers of an Acuse.
   *
   * @param acuse where its API and its webhooks are; the API must answer to loopback
   * @param narrator told in one sentence what happens
   * @param seed of everything that is random
   */
  public CheckoutTraffic(Sandbox sandbox, URI acuse, Consumer<String> narrator, long seed) {
    this.sandbox = sandbox;
    this.acuse = acuse;
    this.notifier = new Notifier(acuse.resolve("/webhooks/mp"));
    this.notifications = sandbox.notifications();
    this.narrator = narrator;
    this.random = new Random(seed);
  }

  /**
   * One more customer comes and pays.
   *
   * @throws IOException if Acuse does not answer
   */
  public void nextCustomer() throws IOException, InterruptedException {
    String reference = "demo-" + ++customers;
    String contact = "contact-" + customers;
    sandbox.goHighLevel().addContact(contact, contact + "@example.test");
    if (!register(reference, contact)) {
      narrator.accept(
          "customer %d goes away: no checkout could be registered".formatted(customers));
      return;
    }
    if (random.nextInt(4) == 0) {
      var rejected = sandbox.mercadoPago().pay(reference, "rejected", "cc_rejected_high_risk");
      narrator.accept("customer %d: the first card is rejected".formatted(customers));
      notifyOf(rejected, "payment.created");
    }
    var paid = sandbox.mercadoPago().pay(reference, "approved", "accredited");
    narrator.accept(
        "customer %d pays %s: payment %s is approved, contact %s is to be tagged"
            .formatted(customers, reference, paid.paymentId(), contact));
    notifyOf(paid, "payment.updated");
  }

  /** Registering is idempotent: whoever is told 503 asks again. */
  private boolean register(String reference, String contact)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(acuse.resolve("/api/checkouts"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(checkout(reference, contact)))
            .build();
    for (int attempt = 0; attempt < REGISTRATIONS; attempt++) {
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status == 200 || status == 201) {
        return true;
      }
    }
    return false;
  }

  private static String checkout(String reference, String contact) throws JsonProcessingException {
    return JSON.writeValueAsString(
        Map.of(
            "external_reference",
            reference,
            "contact_id",
            contact,
            "amount",
            1500.5,
            "currency",
            "ARS",
            "title",
            "Consulta " + reference));
  }

  private void notifyOf(SandboxMercadoPago.Paid paid, String action)
      throws IOException, InterruptedException {
    Notification webhook = notifications.payment(paid.paymentId(), action);
    List<Notification> all =
        new ArrayList<>(
            List.of(
                webhook,
                webhook,
                notifications.ipnPayment(paid.paymentId()),
                notifications.merchantOrder(paid.orderId(), "update", "closed")));
    Collections.shuffle(all, random);
    for (Notification notification : all) {
      Notifier.Answer answer = notifier.send(notification);
      if (answer.status() != 200) {
        narrator.accept("Acuse answered %d: %s".formatted(answer.status(), answer.body()));
      }
    }
  }
}

package dev.acuse.support;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.gohighlevel.SandboxLocation;
import dev.acuse.sandbox.gohighlevel.TagCall;
import dev.acuse.sandbox.mercadopago.Notifier;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.sandbox.mercadopago.SandboxPayment;
import dev.acuse.sandbox.mercadopago.SandboxSeller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/**
 * What an account of a service is at the sandbox: a seller of an application of its own, and a
 * location with one contact, {@link #CONTACT}.
 */
public final class SandboxAccount {
  /** The contact of every payment. */
  public static final String CONTACT = "contact1";

  /** What is secret of it. */
  public record Credentials(String accessToken, String crmToken, String webhookSecret) {
    @Override
    public String toString() {
      return "[REDACTED]";
    }
  }

  private final Sandbox sandbox;
  private final String name;
  private final Credentials credentials;
  private final SandboxSeller seller;
  private final SandboxLocation location;

  /**
   * Makes seller, application and location where they are missing.
   *
   * @param name of the account; its application's is the same, its location is {@code loc-<name>}
   */
  public SandboxAccount(Sandbox sandbox, String name, long sellerId, Credentials credentials) {
    this.sandbox = sandbox;
    this.name = name;
    this.credentials = credentials;
    this.seller = sandbox.mercadoPago().seller(sellerId, credentials.accessToken());
    sandbox.mercadoPago().application("79" + sellerId).secret(credentials.webhookSecret());
    seller.application("79" + sellerId);
    this.location = sandbox.goHighLevel().location("loc-" + name, credentials.crmToken());
    location.addContact(CONTACT, name + "@example.test");
  }

  /** One with credentials of MercadoPago's and GoHighLevel's form. */
  public static SandboxAccount of(Sandbox sandbox, String name, long sellerId) {
    return new SandboxAccount(
        sandbox,
        name,
        sellerId,
        new Credentials(
            "APP_USR-79%d-112233-%s00112233-%d".formatted(sellerId, name, sellerId),
            "pit-00000000-0000-4000-8000-" + name,
            name + "-webhook-secret-0123456789"));
  }

  /** Its name in the service. */
  public String name() {
    return name;
  }

  /** Its seller. */
  public SandboxSeller seller() {
    return seller;
  }

  /** Its location. */
  public SandboxLocation location() {
    return location;
  }

  /** Makes its application by the API of a service. */
  public SandboxAccount addApplication(RunningAcuse acuse) {
    created(
        acuse.post(
            "/api/applications",
            "{\"name\": \"%s\", \"webhook_secrets\": [\"%s\"]}"
                .formatted(name, credentials.webhookSecret())));
    return this;
  }

  /** Makes the account by the API of a service. */
  public SandboxAccount add(RunningAcuse acuse) {
    created(
        acuse.post(
            "/api/accounts",
            """
            {"name": "%s", "application": "%s", "mp_user_id": "%d", "access_token": "%s",
             "crm_token": "%s", "location_id": "%s"}
            """
                .formatted(
                    name,
                    name,
                    seller.userId(),
                    credentials.accessToken(),
                    credentials.crmToken(),
                    location.id())));
    return this;
  }

  private static void created(HttpResponse<String> answer) {
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
  }

  /** Changes the account by the API of a service. */
  public HttpResponse<String> change(RunningAcuse acuse, String json) {
    return acuse.exchange(
        HttpRequest.newBuilder(acuse.url("/api/accounts/" + name))
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(json))
            .build());
  }

  /** Has the contact pay; the id of the payment. */
  public String pay() {
    var terms =
        new SandboxPayment.Terms(
            BigDecimal.TEN, "ARS", null, null, seller.userId(), Map.of("contact_id", CONTACT));
    return String.valueOf(seller.payDirectly(terms, PaymentOutcome.APPROVED).payment().id());
  }

  /** Sends a payment's webhook to the account's own address; the status and what it says. */
  public String send(RunningAcuse acuse, String paymentId) {
    return sendTo(acuse, "/webhooks/mp/" + name, paymentId);
  }

  /** Sends a payment's webhook to an address. */
  public String sendTo(RunningAcuse acuse, String path, String paymentId) {
    try {
      Notifier.Answer answer =
          sandbox
              .notifier(seller, acuse.url(path))
              .send(seller.notifications().paymentCreated(paymentId));
      ApiContract.check("POST", path, answer.status(), answer.body());
      return answer.status() + " " + RunningAcuse.json(answer.body()).path("status").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The calls that have put tags on its contact. */
  public List<TagCall> tagCalls() {
    return location.tagCalls(CONTACT);
  }
}

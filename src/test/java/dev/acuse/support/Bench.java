package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import dev.acuse.event.EventStatus;
import dev.acuse.event.Scope;
import dev.acuse.event.WebhookEvent;
import dev.acuse.inbox.EventReader;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifications;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The whole service, to be sent what nobody should send, and a look at what it makes of that. */
public final class Bench implements AutoCloseable {
  /** Stands in whatever is sent; no answer may hold it. */
  public static final String CANARY = "Canary7";

  private final TestDatabase database;
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final RunningAcuse acuse;
  private final EventReader reader;
  private final AtomicInteger sales = new AtomicInteger();

  /**
   * Starts the service.
   *
   * @param overrides of {@code config.yml}, by path; quarantine takes all that comes unless they
   *     say otherwise
   */
  public Bench(Engine engine, Map<String, String> overrides) {
    var settings = new LinkedHashMap<>(Map.of("intake.quarantinedPerSecond", "10000"));
    settings.putAll(overrides);
    database = TestDatabase.open(engine);
    acuse = RunningAcuse.start(database, sandbox, settings);
    reader = new EventReader(database.jdbi(), InstantSource.system(), TestAccounts.MAIN_ALONE);
  }

  /** The secret that every sandbox signs with. */
  public static String sandboxSecret() {
    return SandboxOptions.Credentials.invented().webhookSecret();
  }

  public RunningAcuse acuse() {
    return acuse;
  }

  public TestDatabase database() {
    return database;
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public Notifications notifications() {
    return sandbox.notifications();
  }

  public int port() {
    return acuse.url("/").getPort();
  }

  /** A new payment's id; it is approved, and its contact is {@link #latestContact}. */
  public String sell() {
    int sale = sales.incrementAndGet();
    acuse.checkout("order-" + sale, "contact" + sale);
    return String.valueOf(
        sandbox.mercadoPago().pay("order-" + sale, PaymentOutcome.APPROVED).payment().id());
  }

  /** The contact of the latest sale. */
  public String latestContact() {
    return "contact" + sales.get();
  }

  /** Posts a notification as it is. */
  public HttpResponse<String> post(Notification notification) {
    String query = notification.query().isEmpty() ? "" : "?" + notification.query();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(acuse.url("/webhooks/mp") + query))
            .POST(BodyPublishers.ofByteArray(notification.body()));
    notification.headers().forEach(request::header);
    return acuse.exchange(request.build());
  }

  /** Posts what must be acknowledged, and finds it stored to the byte. */
  public WebhookEvent stored(Notification notification) {
    HttpResponse<String> answer = post(notification);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = RunningAcuse.json(answer);
    assertThat(body.path("status").asText()).isEqualTo("stored");
    WebhookEvent event =
        reader.findByWebhookId(Scope.everything(), body.path("webhook_id").asText()).orElseThrow();
    assertThat(reader.payload(Scope.everything(), event.id())).contains(notification.body());
    return event;
  }

  /** Posts what must be refused, and finds it quarantined to the byte, as the newest. */
  public JsonNode refused(Notification notification, int status, String code) {
    ProblemAnswer.of(post(notification), status, code);
    JsonNode newest = acuse.items("/api/webhook-events?status=quarantined&limit=1").path(0);
    assertThat(newest.path("webhook_id").asText()).startsWith("quarantine:");
    assertThat(newest.path("attempts").asInt()).isZero();
    assertThat(reader.payload(Scope.everything(), newest.path("id").asLong()))
        .contains(notification.body());
    return newest;
  }

  /** Waits until an event has come to this end. */
  public WebhookEvent ends(WebhookEvent event, EventStatus status) {
    await()
        .untilAsserted(
            () ->
                assertThat(reader.find(Scope.everything(), event.id()))
                    .get()
                    .extracting(WebhookEvent::status)
                    .isEqualTo(status));
    return reader.find(Scope.everything(), event.id()).orElseThrow();
  }

  /** The latest event about a resource. */
  public WebhookEvent latestOf(String resourceId) {
    long id =
        acuse.items("/api/webhook-events?limit=1&q=" + resourceId).path(0).path("id").asLong();
    return reader.find(Scope.everything(), id).orElseThrow();
  }

  /** How many events there are in this status, as stored, without those that work effects off. */
  public long count(EventStatus status) {
    return database.count(
        "webhook_events WHERE origin <> 'effect' AND status = '" + status.code() + "'");
  }

  /** How many events there are, without those that work effects off. */
  public long count() {
    return database.count("webhook_events WHERE origin <> 'effect'");
  }

  /** How many requests were begun, and have not come to their end in the server. */
  public long requestsUnderWay() {
    String name = "io.dropwizard.jetty.MutableServletContextHandler.active-requests";
    return metrics().counter(name).getCount();
  }

  public MetricRegistry metrics() {
    return acuse.app().getEnvironment().metrics();
  }

  /** Nothing that was sent made the service fail, and a good webhook still goes all the way. */
  public void isUnharmed() {
    String payment = sell();
    ends(stored(notifications().paymentCreated(payment)), EventStatus.SUCCESS);
    // By an event of its own, which follows the webhook's.
    await()
        .untilAsserted(
            () ->
                assertThat(sandbox.goHighLevel().tagsOf(latestContact()))
                    .containsExactly("pago_confirmado"));
    String failures = "io.dropwizard.jetty.MutableServletContextHandler.5xx-responses";
    assertThat(metrics().getMeters()).containsKey(failures);
    assertThat(metrics().meter(failures).getCount()).isZero();
  }

  @Override
  public void close() {
    acuse.close();
    sandbox.close();
    database.close();
  }
}

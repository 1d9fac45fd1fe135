package dev.acuse.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.AcuseApplication;
import dev.acuse.AcuseConfiguration;
import dev.acuse.AfterStart;
import dev.acuse.dispatch.Dispatcher;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.sandbox.mercadopago.Notifier;
import io.dropwizard.lifecycle.JettyManaged;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;

/**
 * The whole service with the shipped {@code config.yml}, on free ports, against a database and a
 * sandbox of the test's own, with delays for the impatient.
 */
public final class RunningAcuse implements AutoCloseable {
  static {
    // On a busy machine ten seconds are little for a process to start and a lease to run out.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  private static final long IDLE_AT_THE_END_MILLIS = 100;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DropwizardTestSupport<AcuseConfiguration> app;
  private final Sandbox sandbox;
  private final Runnable onClose;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Notifier notifier;

  private RunningAcuse(
      DropwizardTestSupport<AcuseConfiguration> app, Sandbox sandbox, Runnable onClose) {
    this.app = app;
    this.onClose = onClose;
    this.sandbox = sandbox;
    this.notifier = sandbox.notifier(url("/webhooks/mp"));
  }

  /**
   * Starts the service.
   *
   * @param overrides of {@code config.yml}, by path; they win over the test's own
   */
  public static RunningAcuse start(
      TestDatabase database, Sandbox sandbox, Map<String, String> overrides) {
    return start(AcuseApplication.class, database, sandbox, overrides);
  }

  /**
   * The same with a test's own kind of application.
   *
   * @param type has a constructor without parameters
   */
  public static RunningAcuse start(
      Class<? extends AcuseApplication> type,
      TestDatabase database,
      Sandbox sandbox,
      Map<String, String> overrides) {
    Path spool = database.takeSpoolFolder();
    Map<String, String> settings = settings(database, sandbox, spool);
    settings.putAll(overrides);
    ConfigOverride[] all =
        settings.entrySet().stream()
            .map(setting -> ConfigOverride.config(setting.getKey(), setting.getValue()))
            .toArray(ConfigOverride[]::new);
    var app = new DropwizardTestSupport<AcuseConfiguration>(type, "config.yml", all);
    try {
      app.before();
    } catch (Exception e) {
      throw new IllegalStateException("the service did not start", e);
    }
    return new RunningAcuse(app, sandbox, () -> database.leaveSpoolFolder(spool));
  }

  /** The settings that make a service use this database and this sandbox. */
  public static Map<String, String> settings(TestDatabase database, Sandbox sandbox) {
    return settings(database, sandbox, database.takeSpoolFolder());
  }

  private static Map<String, String> settings(TestDatabase database, Sandbox sandbox, Path spool) {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.applicationConnectors[0].port", "0");
    settings.put("server.adminConnectors[0].port", "0");
    settings.put("database.url", database.url());
    settings.put("database.user", database.user());
    settings.put("database.password", database.password());
    settings.put("migrateOnStart", "false");
    settings.put("intake.spool.folder", spool.toString());
    // On a busy machine a commit may well take longer than it should.
    settings.put("intake.storePatience", "4s");
    settings.put("mercadoPago.baseUrl", sandbox.mercadoPagoUrl().toString());
    settings.put("mercadoPago.accessToken", credentials.accessToken());
    settings.put("mercadoPago.webhookSecrets", credentials.webhookSecret());
    settings.put("goHighLevel.baseUrl", sandbox.goHighLevelUrl().toString());
    settings.put("goHighLevel.token", credentials.goHighLevelToken());
    settings.put("goHighLevel.locationId", credentials.locationId());
    settings.put("dispatch.retryDelays", "200ms,200ms,200ms");
    settings.put("dispatch.pollInterval", "50ms");
    settings.put("dispatch.probeEvery", "200ms");
    settings.put("dispatch.shutdownGracePeriod", "5s");
    settings.put("intake.hintsPerSecond", "1000");
    settings.put("health.shutdownWaitPeriod", "0s");
    // Only where a test asks for it: what it finds would be events that no test expects.
    settings.put("reconciliation.every", "0s");
    settings.put("reconciliation.searchesPerSecond", "1000");
    settings.put("reconciliation.quarantineLookupsPerMinute", "0");
    settings.put("logging.appenders[1].currentLogFilename", "target/test-logs/webhook.log");
    settings.put(
        "logging.appenders[1].archivedLogFilenamePattern", "target/test-logs/webhook-%d-%i.log.gz");
    settings.put("logging.appenders[0].threshold", "ERROR");
    return settings;
  }

  public Sandbox sandbox() {
    return sandbox;
  }

  public DropwizardTestSupport<AcuseConfiguration> app() {
    return app;
  }

  /** An address of the application's connector. */
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + app.getLocalPort() + path);
  }

  /** Sends a notification as MercadoPago does; the answer is held against the API's document. */
  public Notifier.Answer send(Notification notification) {
    try {
      Notifier.Answer answer = notifier.send(notification);
      ApiContract.check("POST", "/webhooks/mp", answer.status(), answer.body());
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return exchange(HttpRequest.newBuilder(url(path)).build());
  }

  public HttpResponse<String> post(String path, String json) {
    return exchange(
        HttpRequest.newBuilder(url(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** Sends any request; the answer is held against the API's document. */
  public HttpResponse<String> exchange(HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      ApiContract.check(answer);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The {@code items} of a list of the API. */
  public JsonNode items(String path) {
    return items(json(get(path)));
  }

  /** Those of a list's answer; what else it answers is shown. */
  static JsonNode items(JsonNode answer) {
    assertThat(answer.path("items").isArray()).as("a list is answered: %s", answer).isTrue();
    return answer.path("items");
  }

  public static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers a checkout of 1500.50 ARS, with a contact that is known to the CRM. */
  public void checkout(String reference, String contact) {
    sandbox.goHighLevel().addContact(contact, contact + "@example.test");
    HttpResponse<String> response =
        post(
            "/api/checkouts",
            """
            {"external_reference": "%s", "contact_id": "%s", "amount": 1500.50, "currency": "ARS",
             "title": "Consulta"}
            """
                .formatted(reference, contact));
    if (response.statusCode() != 201) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
  }

  /** This client keeps its connections, and a server that stops gives those that idle a second. */
  private void hangUp() {
    for (Connector connector :
        app.getEnvironment().getApplicationContext().getServer().getConnectors()) {
      ((AbstractConnector) connector).setShutdownIdleTimeout(IDLE_AT_THE_END_MILLIS);
    }
  }

  /** Stops the dispatcher alone, as if it had died: webhooks are still taken. */
  public void stopDispatcher() {
    app.getEnvironment().lifecycle().getManagedObjects().stream()
        .map(managed -> ((JettyManaged) managed).getManaged())
        .map(managed -> managed instanceof AfterStart later ? later.managed() : managed)
        .filter(Dispatcher.class::isInstance)
        .forEach(
            dispatcher -> {
              try {
                dispatcher.stop();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @Override
  public void close() {
    hangUp();
    app.after();
    onClose.run();
  }
}

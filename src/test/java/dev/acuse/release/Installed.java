package dev.acuse.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service that was started from an artefact, and a buyer at it. */
final class Installed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Sandbox sandbox;
  private final int port;
  private final Path output;
  private final HttpClient client = HttpClient.newHttpClient();

  private Installed(Process process, Sandbox sandbox, int port, Path output) {
    this.process = process;
    this.sandbox = sandbox;
    this.port = port;
    this.output = output;
  }

  /** What a service needs to know to work with this sandbox, on free ports. */
  static Map<String, String> environment(Sandbox sandbox) {
    SandboxOptions.Credentials credentials = sandbox.options().credentials();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PORT", String.valueOf(FreePorts.next()));
    environment.put("ADMIN_PORT", String.valueOf(FreePorts.next()));
    environment.put("MP_BASE_URL", sandbox.mercadoPagoUrl().toString());
    environment.put("MP_ACCESS_TOKEN", credentials.accessToken());
    environment.put("MP_WEBHOOK_SECRET", credentials.webhookSecret());
    environment.put("GHL_BASE_URL", sandbox.goHighLevelUrl().toString());
    environment.put("GHL_TOKEN", credentials.goHighLevelToken());
    environment.put("ACUSE_RECONCILE_EVERY", "0s");
    return environment;
  }

  /**
   * Starts it, and waits until it is ready.
   *
   * @param environment all that the process gets, and its port
   */
  static Installed start(
      Path folder, Map<String, String> environment, Sandbox sandbox, List<String> command)
      throws IOException {
    Path output =
        Files.createTempFile(Files.createDirectories(Path.of("target/release-run")), "log-", "");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    int port = Integer.parseInt(environment.get("PORT"));
    var started = new Installed(builder.start(), sandbox, port, output);
    try {
      started.awaitReady();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw new IllegalStateException("it did not become ready: " + started.output(), e);
    }
  }

  private void awaitReady() {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !process.isAlive() || get("/health-check?type=ready") == 200);
    if (!process.isAlive()) {
      throw new IllegalStateException("it ended with " + process.exitValue());
    }
  }

  /** What it has printed. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the operating system knows it. */
  long pid() {
    return process.pid();
  }

  /** A buyer pays, MercadoPago says so by a signed webhook, and the contact gets the tag. */
  void sell(int number) throws IOException, InterruptedException {
    String contact = "contact" + number;
    sandbox.goHighLevel().addContact(contact, null);
    String checkout =
        """
        {"external_reference": "order-%d", "contact_id": "%s", "amount": 10, "currency": "ARS",
         "title": "Consulta"}
        """
            .formatted(number, contact);
    var request =
        HttpRequest.newBuilder(url("/api/checkouts"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(checkout))
            .build();
    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    long payment =
        sandbox.mercadoPago().pay("order-" + number, PaymentOutcome.APPROVED).payment().id();
    var notification = sandbox.notifications().paymentCreated(String.valueOf(payment));
    assertThat(sandbox.notifier(url("/webhooks/mp")).send(notification).status()).isEqualTo(200);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(sandbox.goHighLevel().tagsOf(contact))
                    .containsExactly("pago_confirmado"));
  }

  /** How many events it has stored. */
  int events() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url("/api/webhook-events?limit=500")).build();
    JsonNode answer = JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    return answer.path("items").size();
  }

  /** The status of an answer. */
  int get(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** SIGTERM; answers the exit status. */
  int terminate() throws InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  /** Waits for its end; answers the exit status. */
  int awaitEnd() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(output()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

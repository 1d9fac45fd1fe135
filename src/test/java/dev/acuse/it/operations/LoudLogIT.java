package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.acuse.access.Passwords;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.PaymentOutcome;
import dev.acuse.support.Engine;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Every logger at its loudest, and every secret in use: none may be in the log. */
@ParameterizedClass
@EnumSource
class LoudLogIT {
  private static final SandboxOptions.Credentials CREDENTIALS =
      new SandboxOptions.Credentials(
          "APP_USR-canary-token", "canary-secret", 448_800_001, "pit-canary-token", "location1");

  private final TestDatabase database;
  private final Sandbox sandbox =
      Sandbox.start(SandboxOptions.defaults(InstantSource.system()).withCredentials(CREDENTIALS));

  @TempDir private Path folder = Path.of("target");

  LoudLogIT(Engine engine) {
    this.database = TestDatabase.open(engine);
  }

  @AfterEach
  void close() {
    quiet();
    sandbox.close();
    database.close();
  }

  @Test
  void noSecretIsLoggedAtAnyLevel() throws IOException {
    String hash = Passwords.hash("canary-password");
    try (RunningAcuse acuse =
        RunningAcuse.start(
            database,
            sandbox,
            Map.of(
                "logging.level", "TRACE",
                "logging.appenders[1].currentLogFilename", log().toString(),
                "logging.appenders[1].archivedLogFilenamePattern", folder + "/%d-%i.log.gz",
                "logging.appenders[1].neverBlock", "false",
                "api.token", "canary-api-token-0123456789abcdef",
                "adminPort.token", "canary-admin-token-0123456789abcdef",
                "console.users", "ana:operator:" + hash))) {
      loud();
      URI admin = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort());
      authorized(acuse, admin.resolve("/metrics"), "canary-admin-token-0123456789abcdef");
      sandbox.goHighLevel().addContact("contact-1", "payer@example.test");
      HttpResponse<String> checkout =
          acuse.exchange(
              HttpRequest.newBuilder(acuse.url("/api/checkouts"))
                  .header("Content-Type", "application/json")
                  .header("Authorization", "Bearer canary-api-token-0123456789abcdef")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          """
                          {"external_reference": "order-1", "contact_id": "contact-1",
                           "amount": 10, "currency": "ARS", "title": "t"}
                          """))
                  .build());
      assertThat(checkout.statusCode()).as(checkout.body()).isEqualTo(201);
      long payment = sandbox.mercadoPago().pay("order-1", PaymentOutcome.APPROVED).payment().id();
      acuse.send(sandbox.notifications().paymentCreated(String.valueOf(payment)));
      await().until(() -> !sandbox.goHighLevel().tagCalls().isEmpty());
      URI events = acuse.url("/api/webhook-events?limit=5");
      await()
          .until(
              () ->
                  authorized(acuse, events, "canary-api-token-0123456789abcdef")
                      .body()
                      .contains("\"success\""));
      acuse.exchange(
          HttpRequest.newBuilder(acuse.url("/console/events"))
              .header("Cookie", "acuse_session=canary-session; acuse_device=canary-device")
              .build());
      acuse.exchange(
          HttpRequest.newBuilder(acuse.url("/console/login"))
              .header("Cookie", "acuse_forms=canary-forms")
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString("user=ana&password=canary-password"))
              .build());
    }

    assertThat(Files.readAllLines(log()))
        .anyMatch(line -> line.contains(" attempt webhook_id="))
        .noneMatch(line -> line.contains("canary"))
        .noneMatch(line -> line.contains(hash));
  }

  private Path log() {
    return folder.resolve("webhook.log");
  }

  private static HttpResponse<String> authorized(RunningAcuse acuse, URI uri, String token) {
    HttpResponse<String> answer =
        acuse.exchange(
            HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private static void loud() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.getLoggerList().forEach(logger -> logger.setLevel(Level.TRACE));
  }

  /** The JDK's own loggers would stay loud in the tests that come later in this JVM. */
  private static void quiet() {
    LogManager loggers = LogManager.getLogManager();
    loggers
        .getLoggerNames()
        .asIterator()
        .forEachRemaining(
            name -> {
              Logger logger = loggers.getLogger(name);
              if (logger != null && !name.isEmpty()) {
                logger.setLevel(null);
              }
            });
  }
}

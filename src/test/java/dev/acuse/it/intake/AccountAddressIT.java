package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.event.EventStatus;
import dev.acuse.event.WebhookEvent;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that name an account, in every way in which a path can be written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccountAddressIT {
  private static final int MORE_THAN_AN_UNVERIFIED_ONE = 20 << 10;

  private final Bench bench =
      new Bench(Engine.H2, Map.of("mercadoPago.webhookSecrets", Bench.sandboxSecret()));
  private final String payment = bench.sell();

  @AfterAll
  void close() {
    try {
      bench.isUnharmed();
    } finally {
      bench.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/mp/main",
        "/webhooks/mp/main/",
        "/webhooks/mp/m%61in",
        "/webhooks/%6dp/main",
        "/webhooks/mp/main;a=b",
        "/webhooks/mp;a=b/main",
        "/webhooks/mp;a=b",
      })
  void signedOneIsTakenHoweverThePathIsWritten(String path) {
    WebhookEvent event = event(post(path, genuine()));

    assertThat(event.accountId()).isEqualTo(1);
    bench.ends(event, EventStatus.SUCCESS);
    for (String method : new String[] {"GET", "HEAD"}) {
      assertThat(ask(method, path).status()).as(method).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/mp", "/webhooks/mp/main", "/webhooks/mp/main/"})
  void signedOneMayBeLarge(String path) {
    Notification genuine = genuine();
    String body = new String(genuine.body(), StandardCharsets.UTF_8);
    String larger =
        body.replaceFirst("\\{", "{\"x\": \"" + "y".repeat(MORE_THAN_AN_UNVERIFIED_ONE) + "\", ");

    assertThat(event(post(path, genuine.withBody(larger))).resourceId()).isEqualTo(payment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/mp/nobody",
        "/webhooks/mp/MAIN",
        "/webhooks/mp/main%20",
        "/webhooks/mp/%F0%9F%92%A9",
        "/webhooks/mp/1",
        "/webhooks/mp/main/more",
        "/webhooks/mp/ping",
        "/webhooks/other/main",
      })
  void addressOfNoAccountIsNotThereAndKeepsNothing(String path) {
    long before = bench.count();

    assertThat(post(path, genuine()).status()).isEqualTo(404);
    assertThat(ask("GET", path).status()).isEqualTo(404);
    assertThat(ask("HEAD", path).status()).isEqualTo(404);

    assertThat(bench.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/mp/%2e%2e",
        "/webhooks/mp/main%2fmore",
        "/webhooks/mp/%00",
        "/webhooks/mp/%zz",
        "/webhooks/mp/%ff",
        "/webhooks/mp//main",
        "/webhooks/mp/main\\",
      })
  void whatIsNoNameIsRefusedAndKeepsNothing(String path) {
    long before = bench.count();

    assertThat(post(path, genuine()).status()).isBetween(400, 404);

    assertThat(bench.count()).isEqualTo(before);
  }

  @Test
  void longNameIsRefused() {
    assertThat(post("/webhooks/mp/" + "a".repeat(4_000), genuine()).status()).isEqualTo(404);
  }

  private RawAnswer post(String path, Notification notification) {
    return RawAnswer.to(
        bench.port(),
        notification.body(),
        Wire.head(
            path,
            notification,
            "Content-Length: " + notification.body().length,
            "Connection: close"));
  }

  private RawAnswer ask(String method, String path) {
    return RawAnswer.to(
        bench.port(),
        new byte[0],
        method + " " + path + " HTTP/1.1",
        "Host: localhost",
        "Connection: close");
  }

  private WebhookEvent event(RawAnswer answer) {
    assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
    return bench.latestOf(RunningAcuse.json(answer.body()).path("webhook_id").asText());
  }

  private Notification genuine() {
    return bench.notifications().paymentCreated(payment);
  }
}

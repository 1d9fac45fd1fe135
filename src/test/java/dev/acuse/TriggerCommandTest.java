package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.acuse.sandbox.TriggerSample;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.JarLocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerCommandTest {
  /** What the receiver saw of one request. */
  private record Received(String query, @Nullable String signature, String requestId) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private int status = 200;
  private HttpServer acuse;

  @BeforeEach
  void start() throws IOException {
    acuse = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    acuse.createContext(
        "/webhooks/mp",
        exchange -> {
          received.add(
              new Received(
                  exchange.getRequestURI().getRawQuery(),
                  exchange.getRequestHeaders().getFirst("x-signature"),
                  exchange.getRequestHeaders().getFirst("x-request-id")));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    acuse.start();
  }

  @AfterEach
  void stop() {
    acuse.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "payment.created, data.id=77&type=payment",
    "payment.approved, data.id=77&type=payment",
    "payment.rejected, data.id=77&type=payment",
    "payment.refunded, data.id=77&type=payment",
    "merchant_order, data.id=77&type=topic_merchant_order_wh",
    "ipn.payment, topic=payment&id=77"
  })
  void everySampleIsSentToTheAddress(String sample, String query) {
    Optional<Throwable> failure = trigger(null, sample, "--id", "77");

    assertThat(failure).isEmpty();
    assertThat(received).extracting(Received::query).containsExactly(query);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("200");
    assertThat(TriggerSample.names()).contains(sample);
  }

  /** A notification's own id and the manifest's id are told by {@code sandbox.mercadopago}. */
  @ParameterizedTest
  @CsvSource({
    "order, data.id=ORD01K0000000000000000000001&type=order&data.external_reference=order-1",
    "order.refunded, data.id=ORD01K0000000000000000000001&type=order&data.external_reference=order-1",
    "order.minimal, data.id=ORD01K0000000000000000000001&type=order",
    "order.simulated, data.id=123456&type=order",
    "orders, data.id=ORD01K0000000000000000000001&type=orders&data.external_reference=order-1",
    "chargeback, data.id=217000060000000001&type=topic_chargebacks_wh",
    "chargeback.order, data.id=217000060000000001&type=topic_chargebacks_wh",
    "ipn.chargeback, topic=chargebacks&id=217000060000000001",
    "claim, data.id=5100000001&type=claim",
    "topic_claims_integration_wh, data.id=5100000001&type=topic_claims_integration_wh",
    "fraud_alert, data.id=123456&type=stop_delivery_op_wh",
    "fraud_alert.2022, type=stop_delivery_op_wh",
    "ipn.fraud_alert, topic=delivery_cancellation&id=123456",
    "ipn.merchant_order, id=123456&topic=merchant_order",
    "subscription_preapproval,"
        + " data.id=0123456789abcdef0123456789abcdef&type=subscription_preapproval",
    "subscription_authorized_payment, data.id=5100000001&type=subscription_authorized_payment",
    "mp-connect, data.id=448800001&type=mp-connect",
    "mp-connect.deauthorized, data.id=448800001&type=mp-connect",
    "card_updater, type=topic_card_id_wh",
    "delivery, topic=delivery",
    "wallet_connect, data.id=0123456789abcdef0123456789abcdef&type=wallet_connect",
    "invented, data.id=123456&type=topic_of_tomorrow",
    "invented.unsigned, data.id=123456&type=topic_of_tomorrow"
  })
  void aSampleWithoutAnIdHasOneOfTheRightForm(String sample, String query) {
    Optional<Throwable> failure = trigger(null, sample);

    assertThat(failure).isEmpty();
    assertThat(received).extracting(Received::query).containsExactly(query);
    assertThat(received.get(0).signature() == null).isEqualTo(sample.endsWith(".unsigned"));
  }

  @Test
  void everySampleCanBeSentWithoutAnId() {
    for (String sample : TriggerSample.names()) {
      assertThat(trigger(null, sample)).as(sample).isEmpty();
    }

    assertThat(received).hasSize(TriggerSample.names().size());
  }

  @Test
  void anOrderIsSignedOverTheLoweredId() throws Exception {
    trigger("s", "order", "--id", "ORD01K0000000000000000000009", "--payment-id", "77");

    assertThat(received.get(0).query()).contains("data.id=ORD01K0000000000000000000009");
    assertThat(signedWith("s", received.get(0), "ord01k0000000000000000000009")).isTrue();
  }

  @Test
  void anIdOfTheWrongFormIsRefusedBeforeAnythingIsSent() {
    Optional<Throwable> failure = trigger(null, "chargeback", "--id", "CB-1");

    assertThat(failure).containsInstanceOf(IOException.class);
    assertThat(received).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("the id of chargeback is a number");
  }

  @Test
  void theFirstConfiguredSecretSigns() throws Exception {
    trigger("new-secret, old-secret", "payment.approved");

    assertThat(signedWith("new-secret", received.get(0), "123456")).isTrue();
  }

  @Test
  void aSecretOnTheCommandLineWins() throws Exception {
    trigger("configured", "payment.approved", "--secret", "given", "--id", "9");

    assertThat(signedWith("given", received.get(0), "9")).isTrue();
  }

  @Test
  void withoutAnySecretTheSandboxsSigns() throws Exception {
    trigger(" ", "payment.approved");

    assertThat(signedWith("sandbox-webhook-secret", received.get(0), "123456")).isTrue();
  }

  @Test
  void aRefusedNotificationFailsTheCommandInOneLine() {
    status = 401;

    Optional<Throwable> failure = trigger(null, "payment.approved");

    assertThat(failure).containsInstanceOf(IOException.class);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("401");
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void anUnknownSampleIsRefusedBeforeAnythingIsSent() {
    trigger(null, "payment.lost");

    assertThat(received).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("payment.approved");
  }

  private Optional<Throwable> trigger(
      @Nullable String configuredSecrets, String sample, String... more) {
    var bootstrap = new Bootstrap<Configuration>(new EmptyApplication());
    bootstrap.addCommand(
        new TriggerCommand(new PrintStream(out, true, StandardCharsets.UTF_8), configuredSecrets));
    var arguments = new ArrayList<String>();
    Stream.of("trigger", sample, "--to", url()).forEach(arguments::add);
    arguments.addAll(List.of(more));
    return new Cli(new JarLocation(getClass()), bootstrap, out, err)
        .run(arguments.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + acuse.getAddress().getPort() + "/webhooks/mp";
  }

  private static boolean signedWith(String secret, Received request, String id) throws Exception {
    String timestamp = Objects.requireNonNull(request.signature()).replaceAll("ts=(\\d+),.*", "$1");
    String manifest = "id:" + id + ";request-id:" + request.requestId() + ";ts:" + timestamp + ";";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] hash = mac.doFinal(manifest.getBytes(StandardCharsets.UTF_8));
    return Objects.requireNonNull(request.signature())
        .endsWith(",v1=" + HexFormat.of().formatHex(hash));
  }

  private static final class EmptyApplication extends Application<Configuration> {
    @Override
    public void run(Configuration configuration, Environment environment) {
      throw new AssertionError("a command that needs no service must not start one");
    }
  }
}

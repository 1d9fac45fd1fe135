package dev.acuse.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.acuse.event.EventStatus;
import dev.acuse.event.NewEvent;
import dev.acuse.event.SignatureState;
import dev.acuse.intake.Delivery;
import dev.acuse.intake.WebhookSource.Examined;
import dev.acuse.mercadopago.notification.MercadoPagoSource;
import dev.acuse.support.IntakeAccounts;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the source says what it is, and what it says can be stored. */
class MercadoPagoSourceFuzzTest {
  private static final int DELIVERIES = 10_000;
  private static final String SIGNED_ID = "138400000001";

  private static final List<String> QUERY_PIECES =
      List.of(
          "data.id=" + SIGNED_ID,
          "data.id=999",
          "data.id=",
          "data.id=..%2F..%2Fme",
          "data.id=1%3Brequest-id%3Aa",
          "id=138400000001",
          "id=%00",
          "topic=payment",
          "topic=merchant_order",
          "type=payment",
          "type=stop_delivery_op_wh",
          "type=%F0%9F%98%80",
          "type=" + "t".repeat(70),
          "x=" + "%41".repeat(2000),
          "&&=",
          "%zz");

  private static final List<String> BODY_PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          "\"data\"",
          "\"id\"",
          "\"type\"",
          "\"payment\"",
          "\"action\"",
          "\"resource\"",
          "\"topic\"",
          "\"payment_id\"",
          "138400000001",
          "-1",
          "1e9",
          "1e999999999",
          "null",
          "true",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"http://h/1//\"",
          "\"/\"",
          "9".repeat(1100),
          "\"" + "k".repeat(5000) + "\"",
          "[".repeat(300),
          "\uFEFF",
          "\"é\"");

  private final MetricRegistry metrics = new MetricRegistry();
  private final ObjectMapper json = new ObjectMapper();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 20260302, 42})
  void anythingAtAllIsExaminedWithoutAnException(long seed) throws Exception {
    var random = new Random(seed);
    MercadoPagoSource checked = source(Signer.SECRET);
    MercadoPagoSource unchecked = source("");
    int verified = 0;
    for (int i = 0; i < DELIVERIES; i++) {
      Delivery delivery = delivery(random);
      Examined examined = (random.nextInt(4) == 0 ? unchecked : checked).examine(delivery);
      assertStorable(examined.event(), delivery, seed, i);
      if (examined.event().signature() == SignatureState.VERIFIED) {
        verified++;
        // the only signature that covers an id covers this one
        assertThat(delivery.queryValues("data.id")).as("seed %d, %d", seed, i).contains(SIGNED_ID);
        assertThat(examined.event().resourceId()).isEqualTo(SIGNED_ID);
      }
    }
    assertThat(verified).as("the signed branch was reached").isPositive();
  }

  private void assertStorable(NewEvent event, Delivery delivery, long seed, int i)
      throws Exception {
    assertThat(event.webhookId()).as("seed %d, %d", seed, i).hasSizeLessThanOrEqualTo(200);
    assertThat(event.eventType()).matches("[A-Za-z0-9_.:-]{1,64}");
    assertThat(event.rawPayload()).isEqualTo(delivery.body());
    assertThat(json.writeValueAsString(event.headers())).hasSizeLessThanOrEqualTo(8192);
    if (event.resourceId() != null) {
      assertThat(event.resourceId()).matches("[A-Za-z0-9_-]{1,64}");
    }
    if (event.action() != null) {
      assertThat(event.action()).hasSizeBetween(1, 64).doesNotContain("\u0000");
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(event.action())).isTrue();
    }
    if (event.queryString() != null) {
      assertThat(event.queryString()).hasSizeLessThanOrEqualTo(4096);
    }
    assertThat(event.reason() == null).isEqualTo(event.status() == EventStatus.PENDING);
  }

  private static Delivery delivery(Random random) {
    var query = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      query.append(query.isEmpty() ? "" : "&").append(pick(random, QUERY_PIECES));
    }
    var delivery =
        Deliveries.delivery(random.nextInt(10) == 0 ? null : query.toString(), body(random));
    switch (random.nextInt(6)) {
      case 0, 1 -> delivery.signedFor(SIGNED_ID);
      case 2 -> delivery.signedFor(null);
      case 3 -> delivery.header("x-signature", "ts=" + random.nextLong() + ",v1=");
      case 4 -> delivery.signedFor(SIGNED_ID).header("x-signature", "ts=1,v1=2");
      default -> delivery.without("x-request-id");
    }
    if (random.nextInt(5) == 0) {
      delivery.header("user-agent", "\"\\\u0001\ud800é".repeat(random.nextInt(1000)));
    }
    return delivery.build();
  }

  private static byte[] body(Random random) {
    if (random.nextInt(4) == 0) {
      var noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      return noise;
    }
    var body = new StringBuilder();
    if (random.nextBoolean()) {
      body.append("{\"action\":\"a\\ud800\\u0000\",\"data\":{\"id\":");
      body.append(pick(random, BODY_PIECES)).append("},\"id\":");
      body.append(pick(random, BODY_PIECES)).append("}");
    }
    for (int n = random.nextInt(12); n > 0; n--) {
      body.append(pick(random, BODY_PIECES));
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String pick(Random random, List<String> pieces) {
    return pieces.get(random.nextInt(pieces.size()));
  }

  private MercadoPagoSource source(String secrets) {
    var configuration =
        new MercadoPagoConfiguration(null, null, Secret.of(secrets), null, null, null, null, null);
    return new MercadoPagoSource(
        configuration,
        IntakeAccounts.alone(configuration.credentials().webhookSecrets()),
        ManualClock.create(),
        UUID::randomUUID,
        metrics);
  }
}

package dev.acuse.mercadopago;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.payment.CheckoutRequest;
import dev.acuse.remote.RemoteException;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.ManualClock;
import dev.acuse.support.RawServer;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class EndlessAnswersTest {
  private static final Instant TIME = Instant.parse("2026-03-02T14:05:09Z");

  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @AfterEach
  void closeClient() {
    http.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADER_LINES", "INTERIM_ANSWERS", "CHUNK_EXTENSIONS", "TRAILERS"})
  void areBadResponsesOfMercadoPagoToWhateverWasAsked(EndlessAnswer kind) throws Exception {
    try (var server = new RawServer(kind)) {
      var configuration =
          new MercadoPagoConfiguration(
              server.url(), Secret.of("APP_USR-x"), null, null, null, null, null, null);
      var client =
          new MercadoPagoClient(
              http.client(), configuration, configuration.credentials(), ManualClock.create());

      isRefused(server, () -> client.payment("1"));
      isRefused(server, () -> client.merchantOrder("1"));
      isRefused(server, () -> client.searchPayments(new PaymentSearch(TIME, TIME, 50, 0)));
      isRefused(server, () -> client.searchOrders(new OrderSearch(TIME, TIME, 50, 0)));
      isRefused(
          server,
          () ->
              client.create(
                  new CheckoutRequest(
                      "order-1", "c1", new BigDecimal("10"), "ARS", "A thing", null)));
      assertThat(server.connections()).isEqualTo(5);
    }
  }

  private static void isRefused(RawServer server, ThrowingCallable call) throws Exception {
    assertThat(EndlessAnswer.failure(server, call))
        .isInstanceOf(RemoteException.NotUnderstood.class)
        .hasMessageStartingWith("MercadoPago: the ");
  }
}

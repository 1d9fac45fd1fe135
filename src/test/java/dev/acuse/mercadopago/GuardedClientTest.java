package dev.acuse.mercadopago;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.dispatch.DispatchConfiguration;
import dev.acuse.payment.CheckoutRequest;
import dev.acuse.remote.RemoteException;
import dev.acuse.remote.RemoteSystem;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import dev.acuse.text.Secret;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client behind its breaker, and the view of it that has none. */
@Timeout(30)
class GuardedClientTest {
  @RegisterExtension static final WireMockExtension API = WireMockExtension.newInstance().build();

  private final ManualClock clock = ManualClock.create();
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));
  private final RemoteSystem system =
      new RemoteSystem(
          MercadoPagoClient.NAME,
          new DispatchConfiguration().breakerFailures(),
          new DispatchConfiguration().probeEvery(),
          clock);

  @AfterEach
  void closeClient() {
    http.close();
  }

  @Test
  void theBreakerHoldsLookUpsBackAndNoPreference() {
    MercadoPagoClient unguarded = client("APP_USR-secret");
    MercadoPagoClient client = unguarded.through(system.lane("mp:1"));
    API.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
    for (int i = 0; i < 5; i++) {
      assertThat(client.isUp()).isTrue();
      assertThatExceptionOfType(RemoteException.Unavailable.class)
          .isThrownBy(() -> client.payment("77"));
    }

    assertThat(client.isUp()).isFalse();
    assertThatExceptionOfType(RemoteException.BreakerOpen.class)
        .isThrownBy(() -> client.merchantOrder("5"))
        .withMessage("mercadopago is out; waiting until it answers again");
    assertThat(API.getAllServeEvents()).hasSize(5);

    assertThat(unguarded.isUp()).isTrue();
    assertThatExceptionOfType(RemoteException.Unavailable.class)
        .isThrownBy(() -> unguarded.create(checkout()));
    assertThat(API.getAllServeEvents()).hasSize(6);
  }

  @Test
  void failuresOfTheUnguardedViewOpenNoBreaker() {
    MercadoPagoClient unguarded = client("APP_USR-secret");
    API.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(401)));

    assertThatExceptionOfType(RemoteException.Unauthorized.class)
        .isThrownBy(() -> unguarded.create(checkout()));

    assertThat(system.isUp()).isTrue();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.UP);
  }

  @Test
  void withoutATokenTheBreakerOpensAtOnce() {
    MercadoPagoClient client = client("").through(system.lane("mp:1"));

    assertThatExceptionOfType(RemoteException.NotSetUp.class)
        .isThrownBy(() -> client.payment("77"));

    assertThat(client.isUp()).isFalse();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.NO_TOKEN);
  }

  @Test
  void anAnswerThatIsNoneCountsAsAnOutage() {
    MercadoPagoClient client = client("APP_USR-secret").through(system.lane("mp:1"));
    API.stubFor(any(anyUrl()).willReturn(aResponse().withBody("<html>Log in</html>")));

    for (int i = 0; i < 5; i++) {
      assertThatExceptionOfType(RemoteException.NotUnderstood.class)
          .isThrownBy(() -> client.payment("77"));
    }

    assertThat(client.isUp()).isFalse();
    assertThat(system.state()).isEqualTo(RemoteSystem.State.OUT);
    assertThat(system.cause())
        .isEqualTo("MercadoPago answered 200 with a page in place of an answer");
  }

  @Test
  void anAnswerAboutThePaymentThatMakesNoSenseIsAnAnswer() {
    MercadoPagoClient client = client("APP_USR-secret").through(system.lane("mp:1"));
    API.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"id\": 77}")));

    for (int i = 0; i < 20; i++) {
      assertThatExceptionOfType(RemoteException.BadResponse.class)
          .isThrownBy(() -> client.payment("77"));
    }

    assertThat(client.isUp()).isTrue();
  }

  @Test
  void whatAStrangerNamesSaysNothingAboutUsHoweverOften() {
    MercadoPagoClient client = client("APP_USR-secret").through(system.lane("mp:1")).forStrangers();
    for (String body :
        List.of(
            "{\"message\": \"Invalid caller_id\", \"status\": 403}",
            "{\"message\": \"never seen\", \"status\": 403}")) {
      API.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(403).withBody(body)));
      for (int i = 0; i < 20; i++) {
        String id = String.valueOf(i);
        assertThatExceptionOfType(RemoteException.class).isThrownBy(() -> client.merchantOrder(id));
      }
    }

    assertThat(client.isUp()).isTrue();
  }

  @Test
  void manyResourcesInARowThatMayNotBeReadSaySomethingAboutUs() throws Exception {
    MercadoPagoClient client = client("APP_USR-secret").through(system.lane("mp:1"));
    refuse("Invalid caller_id");
    for (int i = 0; i < 4; i++) {
      String id = String.valueOf(i);
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .isThrownBy(() -> client.merchantOrder(id));
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .as("the same once more")
          .isThrownBy(() -> client.merchantOrder(id));
    }

    API.stubFor(any(anyUrl()).willReturn(aResponse().withBody("{\"id\": 7, \"payments\": []}")));
    client.merchantOrder("7");
    refuse("Invalid caller_id");
    for (int i = 10; i < 14; i++) {
      String id = String.valueOf(i);
      assertThatExceptionOfType(RemoteException.Rejected.class)
          .as("one was answered in between")
          .isThrownBy(() -> client.merchantOrder(id));
    }
    assertThatExceptionOfType(RemoteException.Unauthorized.class)
        .isThrownBy(() -> client.merchantOrder("15"))
        .withMessageContaining("5 were refused in a row");

    assertThat(system.state()).isEqualTo(RemoteSystem.State.REFUSED);
  }

  private static void refuse(String message) {
    API.stubFor(
        any(anyUrl())
            .willReturn(
                aResponse()
                    .withStatus(403)
                    .withBody("{\"message\": \"" + message + "\", \"status\": 403}")));
  }

  private MercadoPagoClient client(String token) {
    var configuration =
        new MercadoPagoConfiguration(
            API.baseUrl(), Secret.of(token), null, null, null, null, null, null);
    return new MercadoPagoClient(http.client(), configuration, configuration.credentials(), clock);
  }

  private static CheckoutRequest checkout() {
    return new CheckoutRequest("order-1001", "abc", BigDecimal.TEN, "ARS", "Course", null);
  }
}

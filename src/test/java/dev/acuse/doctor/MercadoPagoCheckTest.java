package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.mercadopago.MercadoPagoClient;
import dev.acuse.mercadopago.MercadoPagoConfiguration;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.sandbox.mercadopago.RefusedCaller;
import dev.acuse.support.BoundedClient;
import dev.acuse.text.Secret;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MercadoPagoCheckTest {
  private static final Clock REAL = Clock.systemUTC();

  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private final BoundedClient http = new BoundedClient(Duration.ofSeconds(10));

  @AfterEach
  void close() {
    http.close();
    sandbox.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, OK, agree",
    "30, ADVICE, ahead of MercadoPago's: have it set by NTP",
    "-30, ADVICE, behind MercadoPago's: have it set by NTP",
    "7200, WRONG, ahead of MercadoPago's: have it set by NTP",
    "-7200, WRONG, behind MercadoPago's: have it set by NTP"
  })
  void clockIsComparedWithThatOfTheAnswer(long secondsAhead, Level level, String text) {
    List<Finding> found = look(Clock.offset(REAL, Duration.ofSeconds(secondsAhead)));

    assertThat(found)
        .filteredOn(one -> one.name().equals("mercadopago.clock"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.level()).isEqualTo(level);
              assertThat(one.text()).contains(text);
            });
  }

  @Test
  void tokenThatLacksAScopeIsSaidWithMercadoPagosWords() {
    sandbox.mercadoPago().faults().next(1, RefusedCaller.LACKS_SCOPE.fault());

    assertThat(look(REAL))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.name()).isEqualTo("mercadopago.token");
              assertThat(one.level()).isEqualTo(Level.WRONG);
              assertThat(one.text()).contains("Unauthorized scopes", "MP_ACCESS_TOKEN");
            });
  }

  @Test
  void mercadoPagoThatIsOutIsSaidToBe() {
    sandbox.mercadoPago().stopListening();

    assertThat(look(REAL))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.level()).isEqualTo(Level.WRONG);
              assertThat(one.text()).contains("MercadoPago is unavailable", "MP_BASE_URL");
            });
  }

  @Test
  void aFurtherAccountIsSaidInALine() {
    MercadoPagoClient its = client();
    String seller = String.valueOf(MercadoPagoCheck.ofAccount("dos", null, its).text());

    assertThat(seller).startsWith("dos: the token is of the seller ");
    assertThat(MercadoPagoCheck.ofAccount("dos", seller.replaceAll(".* ", ""), its).level())
        .isEqualTo(Level.OK);
    assertThat(MercadoPagoCheck.ofAccount("dos", "999", its))
        .satisfies(
            one -> {
              assertThat(one.level()).isEqualTo(Level.WRONG);
              assertThat(one.text()).contains("the account's is 999");
            });
    assertThat(MercadoPagoCheck.ofAccount("dos", null, its.as(Secret.of("other"), null)).level())
        .isEqualTo(Level.WRONG);
    assertThat(MercadoPagoCheck.ofAccount("dos", null, its.as(Secret.NONE, null)).level())
        .isEqualTo(Level.ADVICE);
  }

  private List<Finding> look(Clock clock) {
    return new MercadoPagoCheck(client(), null, clock).look();
  }

  private MercadoPagoClient client() {
    var configuration =
        new MercadoPagoConfiguration(
            sandbox.mercadoPagoUrl().toString(),
            Secret.of(sandbox.options().credentials().accessToken()),
            null,
            null,
            null,
            null,
            null,
            null);
    return new MercadoPagoClient(http.client(), configuration, configuration.credentials(), REAL);
  }
}

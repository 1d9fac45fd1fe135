package dev.acuse.payment;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.acuse.support.ManualClock;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.client.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class RemoteHttpTest {
  @RegisterExtension
  static final WireMockExtension REMOTE = WireMockExtension.newInstance().build();

  private final RemoteCall call =
      new RemoteCall("Remote", ManualClock.create(), null, answer -> null);

  @Test
  void clientOfAnEnvironmentIsBoundedAndEndsWithIt() throws Exception {
    var environment = new Environment("test");
    Client client = RemoteHttp.client("remote", Duration.ofSeconds(2), environment);
    for (var managed : environment.lifecycle().getManagedObjects()) {
      managed.start();
    }

    REMOTE.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    assertThat(send(client).object()).isEmpty();
    REMOTE.verify(
        getRequestedFor(urlEqualTo("/x"))
            .withHeader("User-Agent", matching("Acuse/[^ ]+"))
            .withoutHeader("Accept-Encoding"));

    REMOTE.stubFor(
        any(anyUrl())
            .willReturn(
                okJson("{\"a\":\"" + "x".repeat(500) + "\"}").withChunkedDribbleDelay(250, 5_000)));
    assertThatExceptionOfType(RemoteException.Unavailable.class)
        .isThrownBy(() -> send(client))
        .withMessageContaining("no complete answer within 2000 ms");

    for (var managed : environment.lifecycle().getManagedObjects()) {
      managed.stop();
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> send(client))
        .withMessageContaining("closed");
  }

  private RemoteAnswer send(Client client) throws RemoteException {
    return call.send(client.target(REMOTE.url("/x")).request().buildGet());
  }
}

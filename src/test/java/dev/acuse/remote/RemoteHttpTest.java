package dev.acuse.remote;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.sun.net.httpserver.HttpServer;
import dev.acuse.support.BoundedClient;
import dev.acuse.support.ManualClock;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.client.Client;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class RemoteHttpTest {
  @RegisterExtension
  static final WireMockExtension REMOTE = WireMockExtension.newInstance().build();

  private final RemoteCall call =
      new RemoteCall("Remote", ManualClock.create(), null, answer -> null, Guard.NONE);

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

  @Test
  void callsTakeUpTheConnectionOfTheCallBeforeUnlessTheOtherSideHasClosedIt() throws Exception {
    List<Integer> ports = new CopyOnWriteArrayList<>();
    HttpServer server = serve(0, ports);
    String url = "http://localhost:" + server.getAddress().getPort() + "/";
    try (var client = new BoundedClient(Duration.ofSeconds(2))) {
      for (int i = 0; i < 3; i++) {
        assertThat(send(client.client(), url).object()).isEmpty();
      }
      assertThat(ports).hasSize(3);
      assertThat(Set.copyOf(ports)).hasSize(1);

      server.stop(0);
      server = serve(server.getAddress().getPort(), ports);
      // So long that the connection is looked at before it is used.
      await().pollDelay(Duration.ofMillis(600)).until(() -> true);
      assertThat(send(client.client(), url).object()).isEmpty();
      assertThat(Set.copyOf(ports)).hasSize(2);
    } finally {
      server.stop(0);
    }
  }

  /** Notes from which port each request came: calls over one connection have the same. */
  private static HttpServer serve(int port, List<Integer> ports) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
    server.createContext(
        "/",
        exchange -> {
          ports.add(exchange.getRemoteAddress().getPort());
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    return server;
  }

  private RemoteAnswer send(Client client, String url) throws RemoteException {
    return call.send(
        () -> client.target(url).request().buildGet(), answer -> answer, RefusalRules.BY_STATUS);
  }

  private RemoteAnswer send(Client client) throws RemoteException {
    return send(client, REMOTE.url("/x"));
  }
}

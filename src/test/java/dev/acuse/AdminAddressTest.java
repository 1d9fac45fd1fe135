package dev.acuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.process.SetupException;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8081/",
    "localhost, http://localhost:8081/",
    "0.0.0.0, http://127.0.0.1:8081/",
    "::, http://127.0.0.1:8081/",
    ", http://127.0.0.1:8081/",
    "::1, http://[::1]:8081/",
    "10.0.0.7, http://10.0.0.7:8081/"
  })
  void commandAsksAnAddressThatTheServiceListensAt(@Nullable String bound, String address) {
    assertThat(AdminAddress.of(server(plain(bound, 8081)))).hasToString(address);
  }

  @Test
  void firstConnectorThatSpeaksHttpIsAsked() {
    var https = new HttpsConnectorFactory();
    https.setPort(8443);

    assertThat(AdminAddress.of(server(https, plain("127.0.0.1", 9999))))
        .hasToString("http://127.0.0.1:9999/");
  }

  @Test
  void adminPagesBesideTheApplicationAreFoundBelowTheirPath() {
    var server = new SimpleServerFactory();
    server.setConnector(plain(null, 8080));

    assertThat(AdminAddress.of(server)).hasToString("http://127.0.0.1:8080/admin/");
  }

  @Test
  void whatACommandCannotAskIsSaidWithItsKey() {
    assertThatThrownBy(() -> AdminAddress.of(server(new HttpsConnectorFactory())))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("server.adminConnectors")
        .hasMessageContaining("HTTPS");
    assertThatThrownBy(() -> AdminAddress.of(server()))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("server.adminConnectors is empty");
    assertThatThrownBy(() -> AdminAddress.of(server(plain("127.0.0.1", 0))))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("ADMIN_PORT");
  }

  private static HttpConnectorFactory plain(@Nullable String host, int port) {
    var connector = new HttpConnectorFactory();
    connector.setBindHost(host);
    connector.setPort(port);
    return connector;
  }

  private static DefaultServerFactory server(ConnectorFactory... admin) {
    var server = new DefaultServerFactory();
    server.setAdminConnectors(List.of(admin));
    return server;
  }
}

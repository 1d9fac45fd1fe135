package dev.acuse.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.FreePorts;
import dev.acuse.support.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of certificates that the JDK's own tool makes, good for 30 days. */
class AddressCheckTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;

  private static SSLContext ofServer;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path file = folder.resolve("server.p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(tool.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(tool.exitValue()).isZero();
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    ofServer = SSLContext.getInstance("TLS");
    ofServer.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @Test
  void daysOfTheCertificateAreSaid() throws Exception {
    try (RawServer server = server()) {
      assertThat(look(url(server, "/webhooks/mp"), trusting(), 0))
          .containsExactly(
              Finding.ok("address.path", "MP_NOTIFICATION_URL leads to /webhooks/mp"),
              Finding.advice(
                  "address.tls",
                  "from here localhost is an address of this machine or network: whether MercadoPago"
                      + " reaches it must be seen from outside; the certificate of localhost is good"
                      + " for 29 days"));
      assertThat(look(url(server, "/webhooks/mp"), trusting(), 20).get(1).text())
          .endsWith("is good for 9 days: have it renewed");
    }
  }

  @Test
  void certificateThatNoOneVouchesForIsWrong() throws Exception {
    try (RawServer server = server()) {
      var found =
          look(url(server, "/webhooks/mp"), (SSLSocketFactory) SSLSocketFactory.getDefault(), 0);

      assertThat(found.get(1).level()).isEqualTo(Level.WRONG);
      assertThat(found.get(1).text()).contains("the certificate at localhost:", "is not taken");
    }
  }

  @Test
  void certificateOfAnotherNameIsWrong() throws Exception {
    try (RawServer server = server()) {
      String byNumber = url(server, "/webhooks/mp").replace("localhost", "127.0.0.1");

      assertThat(look(byNumber, trusting(), 0).get(1).level()).isEqualTo(Level.WRONG);
    }
  }

  @Test
  void whatCannotBeReachedFromHereIsLeftToALookFromOutside() throws Exception {
    int free = FreePorts.next();
    Finding found = look("https://localhost:" + free + "/other", trusting(), 0).get(1);

    assertThat(found.level()).isEqualTo(Level.ADVICE);
    assertThat(found.text()).contains("cannot be reached from here", "look from outside");
  }

  @Test
  void whatIsNoAddressForMercadoPagoIsWrong() throws Exception {
    assertThat(look(null, trusting(), 0))
        .singleElement()
        .satisfies(one -> assertThat(one.level()).isEqualTo(Level.OK));
    assertThat(look("http://example.test/webhooks/mp", trusting(), 0).get(1).level())
        .isEqualTo(Level.WRONG);
    assertThat(look("https://no-such-name.invalid/x", trusting(), 0))
        .extracting(Finding::level)
        .containsExactly(Level.ADVICE, Level.WRONG);
    assertThat(look("https://a b", trusting(), 0).get(0).level()).isEqualTo(Level.WRONG);
  }

  private static RawServer server() {
    return new RawServer(
        "https", ofServer.getServerSocketFactory(), AddressCheckTest::waitForTheOtherEnd);
  }

  /** The handshake is made with the first write. */
  private static void waitForTheOtherEnd(java.io.OutputStream out) throws IOException {
    out.flush();
    out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    out.flush();
  }

  private static String url(RawServer server, String path) {
    return URI.create(server.url().replace("127.0.0.1", "localhost")).resolve(path).toString();
  }

  private static SSLSocketFactory trusting() {
    return ofServer.getSocketFactory();
  }

  private static List<Finding> look(@Nullable String url, SSLSocketFactory sockets, long days)
      throws Exception {
    return new AddressCheck(url, sockets, Clock.offset(Clock.systemUTC(), Duration.ofDays(days)))
        .look();
  }
}

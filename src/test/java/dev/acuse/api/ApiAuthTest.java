package dev.acuse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.acuse.http.ApiTokenAuthenticator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAuthTest {
  private static final String TOKEN = "s3cr3t-canary-0123456789";

  private static ApiServer withToken;
  private static ApiServer withoutToken;

  @BeforeAll
  static void start() {
    Object[] resources = {
      new Probe(), new Inbox(), new Locator(), new AtTheRoot(), new ByInheritance()
    };
    withToken = ApiServer.start(TOKEN, resources);
    withoutToken = ApiServer.start(" ", resources);
  }

  @AfterAll
  static void stop() {
    withToken.close();
    withoutToken.close();
  }

  @Test
  void theTokenOpensTheApiAndTheResourceLearnsWhoAsks() {
    HttpResponse<String> answer =
        withToken.send(withToken.request("/api/probe").header("Authorization", "Bearer " + TOKEN));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"caller\":\"api-token\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer ",
        "Bearer",
        "Bearer s3cr3t-canary-012345678",
        "Bearer s3cr3t-canary-01234567890",
        "Basic czNjcjN0LWNhbmFyeS0wMTIzNDU2Nzg5",
        "s3cr3t-canary-0123456789",
        "BearerX s3cr3t-canary-0123456789"
      })
  void anythingElseDoesNot(String authorization) {
    assertRefused(
        withToken.send(withToken.request("/api/probe").header("Authorization", authorization)));
  }

  @Test
  void noTokenDoesNot() {
    assertRefused(withToken.get("/api/probe"));
  }

  @Test
  void twoTokensDoNotEvenIfOneIsRight() {
    assertRefused(
        withToken.send(
            withToken
                .request("/api/probe")
                .header("Authorization", "Bearer " + TOKEN)
                .header("Authorization", "Bearer wrong")));
  }

  @Test
  void aTokenInTheAddressDoesNot() {
    assertRefused(withToken.get("/api/probe?access_token=" + TOKEN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/probe",
        "/api/probe/",
        "/api;x=1/probe",
        "/api/probe;x=1",
        "/api/probe/items/1",
        "/api/locator/sub",
        "/api/at-the-root",
        "/api/by-inheritance"
      })
  void noSpellingOfAnAddressAndNoWayToWriteAResourceGoesAround(String path) {
    assertRefused(withToken.get(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/%70robe", "/%61pi/probe", "/API/probe", "/api/./probe"})
  void whatIsNoSpellingOfAnAddressLeadsNowhere(String path) {
    String answer =
        withToken.raw("", "GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close");
    assertThat(answer).containsPattern("^HTTP/1.1 40[014] ").doesNotContain("caller");
  }

  @Test
  void noAnswerOfTheApiIsKeptByCachesOrGuessedAtByBrowsers() {
    HttpResponse<String> answer = withoutToken.get("/api/probe");
    assertThat(answer.headers().firstValue("Cache-Control")).contains("private, no-store");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void whatIsNotTheApiIsNotAskedForTheToken() {
    assertThat(withToken.get("/webhooks/inbox").body()).isEqualTo("taken");
  }

  @Test
  void withoutATokenTheApiAnswersThisMachine() {
    HttpResponse<String> answer = withoutToken.get("/api/probe");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"caller\":\"loopback\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=127.0.0.1",
        "X-Forwarded-For: 127.0.0.1",
        "x-forwarded-proto: https",
        "X-Forwarded-Host: localhost",
        "X-Real-IP: 127.0.0.1",
        "Via: 1.1 proxy",
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:8080",
        "X-Client-IP: 127.0.0.1",
        "Fly-Client-IP: 127.0.0.1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void withoutATokenWhatAProxyOrAForeignPageSendsIsRefused(String header) {
    assertForbidden(
        withoutToken.raw(
            "", "GET /api/probe HTTP/1.1", "Host: localhost", header, "Connection: close"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "10.0.0.1", "127.0.0.1.nip.io"})
  void withoutATokenAForeignHostNameIsRefused(String host) {
    assertForbidden(
        withoutToken.raw("", "GET /api/probe HTTP/1.1", "Host: " + host, "Connection: close"));
  }

  /** As nginx asks that was told no more than where to pass requests on to. */
  @Test
  void withoutATokenAProxyThatHidesItselfIsRefused() {
    assertForbidden(
        withoutToken.raw(
            "", "GET /api/probe HTTP/1.0", "Host: 127.0.0.1:8080", "Connection: close"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "127.0.0.1:8080",
        "127.1.2.3",
        "[::1]:8080",
        "[::ffff:127.0.0.1]"
      })
  void withoutATokenEveryNameOfThisMachineWillDo(String host) {
    assertThat(
            withoutToken.raw(
                "",
                "GET /api/probe HTTP/1.1",
                "Host: " + host,
                "Origin: http://" + host,
                "Connection: close"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void withoutATokenAnotherMachineIsRefused() throws Exception {
    Optional<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .findFirst();
    assumeThat(outside).as("an address that is not loopback").isPresent();
    assertForbidden(askFrom(outside.orElseThrow()));
  }

  /** A connection to an address of this machine's own comes from that address. */
  private static String askFrom(InetAddress address) throws IOException {
    try (var socket = new Socket(address, withoutToken.port())) {
      String request = "GET /api/probe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aBlankTokenIsNoToken() {
    assertThatThrownBy(() -> new ApiTokenAuthenticator(" "))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(HttpResponse<String> answer) {
    Problems.read(answer, 401, "unauthorized");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"acuse\"");
    assertThat(answer.body()).doesNotContain("canary");
  }

  private static void assertForbidden(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 403 ");
    Problems.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4), 403, "forbidden");
  }

  /** Not of the API. */
  @Path("/webhooks/inbox")
  public static final class Inbox {
    @GET
    public String take() {
      return "taken";
    }
  }

  /** Hands over to a class without a path. */
  @Path("/api/locator")
  public static final class Locator {
    @Path("sub")
    public Sub sub() {
      return new Sub();
    }
  }

  /** A class without a path. */
  public static final class Sub {
    @GET
    public String get() {
      return "open";
    }
  }

  /** Has the API's path on its methods only. */
  @Path("/")
  public static final class AtTheRoot {
    @GET
    @Path("api/at-the-root")
    public String get() {
      return "open";
    }
  }

  /** What a resource may inherit its path from. */
  @Path("/api/by-inheritance")
  public interface Contract {
    @GET
    String get();
  }

  /** Has no path of its own. */
  public static final class ByInheritance implements Contract {
    @Override
    public String get() {
      return "open";
    }
  }
}

package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.RunningAcuse;
import dev.acuse.support.TestDatabase;
import dev.acuse.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminPortIT {
  private static final String TASK = "/tasks/log-level?logger=dev.acuse.nobody&level=INFO";

  private static TestDatabase database;
  private static Sandbox sandbox;

  /** Without a token. */
  private static RunningAcuse acuse;

  @BeforeAll
  static void start() {
    database = TestDatabase.open(Engine.H2);
    sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
    acuse = RunningAcuse.start(database, sandbox, Map.of("adminPort.bodyTimeout", "1s"));
  }

  @AfterAll
  static void stop() {
    acuse.close();
    sandbox.close();
    database.close();
  }

  @Test
  void whatChangesSomethingOnTheAdminPortNeedsTheTokenOnceItIsSet() {
    try (var own = TestDatabase.open(Engine.H2);
        var guarded = RunningAcuse.start(own, sandbox, Map.of("adminPort.token", "let-me-in"))) {
      assertThat(status(guarded, "POST", TASK, null)).isEqualTo(401);
      assertThat(status(guarded, "POST", TASK, "wrong")).isEqualTo(401);
      assertThat(status(guarded, "POST", TASK, "let-me-in")).isEqualTo(200);
      for (String open : List.of("/", "/healthcheck", "/ping", "/metrics")) {
        assertThat(status(guarded, "GET", open, null)).as(open).isEqualTo(200);
      }
      for (String closed :
          List.of("/threads", "/pprof?time=1", "/tasks/gc", "/metrics/../threads")) {
        assertThat(status(guarded, "GET", closed, null)).as(closed).isEqualTo(401);
      }
      assertThat(status(guarded, "GET", "/threads", "let-me-in")).isEqualTo(200);
    }
  }

  @Test
  void withoutATokenTheAdminPortAnswersThisMachine() {
    assertThat(status(acuse, "POST", TASK, null)).isEqualTo(200);
  }

  @Test
  void webPageCannotRunATask() {
    HttpRequest fromAPage =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort() + "/tasks/pause"))
            .header("Origin", "https://evil.example")
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();

    assertThat(acuse.exchange(fromAPage).statusCode()).isEqualTo(403);
    var stats = RunningAcuse.json(acuse.get("/api/stats"));
    assertThat(stats.path("paused").isNull()).as(stats.toString()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET /healthcheck",
        "HEAD /healthcheck",
        "GET /ping",
        "GET /metrics",
        "GET /metrics/prometheus",
        "GET /threads",
        "GET /pprof?duration=1",
        "GET /tasks",
        "POST /tasks/gc",
        "OPTIONS /healthcheck",
        "GET /nowhere"
      })
  void withoutATokenNothingOnTheAdminPortAnswersToAForeignRequest(String start) {
    assertThat(local(start + " HTTP/1.1", "Host: localhost").status()).isNotEqualTo(403);
    assertThat(local(start + " HTTP/1.1", "Host: 127.0.0.1:8081").status()).isNotEqualTo(403);
    for (String foreign :
        List.of(
            "HTTP/1.1|Host: evil.example",
            "HTTP/1.1|Host: bad.cc",
            "HTTP/1.1|Host: localhost|X-Client-IP: 127.0.0.1",
            "HTTP/1.1|Host: localhost|Origin: http://localhost:3000",
            "HTTP/1.1|Host: localhost|Sec-Fetch-Site: cross-site",
            "HTTP/1.0|Host: localhost",
            "HTTP/1.0")) {
      assertThat(local((start + " " + foreign).split("\\|")).status()).as(foreign).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "identity, gzip", "gzip, gzip", "x-unknown", ""})
  void encodedBodyIsNotTaken(String coding) {
    String[] head = {
      "POST /tasks/gc HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/x-www-form-urlencoded",
      "Content-Encoding: " + coding
    };
    for (byte[] body : List.of(gzip("a=b"), Wire.bytes("a=b"), new byte[0])) {
      RawAnswer answer = post(body, head);
      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.body()).contains("\"code\":\"unsupported_media_type\"");
    }
  }

  @Test
  void bodyIsTakenUpToALimit() {
    String[] head = {"POST /tasks/gc HTTP/1.1", "Host: localhost", "Content-Type: text/plain"};
    assertThat(post(new byte[16 * 1024], head).status()).isEqualTo(200);
    RawAnswer tooLarge = post(new byte[16 * 1024 + 1], head);
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.header("Connection")).isEqualTo("close");

    byte[] chunk = Wire.join(Wire.bytes("1000\r\n"), new byte[0x1000], Wire.bytes("\r\n"));
    byte[] head5 =
        Wire.lines("POST /tasks/gc HTTP/1.1", "Host: localhost", "Transfer-Encoding: chunked");
    assertThat(
            RawAnswer.to(adminPort(), Wire.join(head5, chunk, chunk, chunk, chunk, chunk)).status())
        .isEqualTo(413);
  }

  @Test
  void bodyThatDripsOrNeverComesIsCut() throws Exception {
    for (String drip : List.of("a", "")) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), adminPort())) {
        socket.setSoTimeout(20_000);
        socket
            .getOutputStream()
            .write(
                Wire.lines("POST /tasks/gc HTTP/1.1", "Host: localhost", "Content-Length: 1000"));
        var timer = Executors.newSingleThreadScheduledExecutor();
        var unused =
            timer.scheduleAtFixedRate(() -> write(socket, drip), 100, 100, TimeUnit.MILLISECONDS);
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        timer.shutdownNow();

        assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"code\":\"request_timeout\"");
      }
    }
  }

  @Test
  void parametersMayComeInABodyThatComesInPiecesAndAnotherRequestAfterIt() throws Exception {
    String form = "logger=dev.acuse.nobody&level=WARN";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), adminPort())) {
      socket.setSoTimeout(20_000);
      for (int i = 0; i < 3; i++) {
        write(
            socket,
            "POST /tasks/log-level HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + form.length()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n");
        for (String piece : List.of("logger=dev.acuse.nobody", "&level=WARN")) {
          write(socket, piece);
        }
      }
      write(socket, "GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answers.split("HTTP/1.1 200 ")).hasSize(5);
      assertThat(answers.split("Configured logging level for dev.acuse.nobody")).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%zz", "a=%", "a=%ff", "%c3%28=1", "a=\u00ff\u00fe"})
  void formThatCannotBeReadIsTheSendersFault(String form) {
    RawAnswer answer =
        post(
            Wire.bytes(form),
            "POST /tasks/gc HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/x-www-form-urlencoded");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"bad_request\"");
    assertThat(local("POST /tasks/gc?a=%zz HTTP/1.1", "Host: localhost").status()).isEqualTo(400);
    assertThat(
            post(
                    Wire.bytes("a"),
                    "POST " + TASK + " HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: text/plain; charset=no-such")
                .status())
        .isEqualTo(400);
  }

  private static void write(Socket socket, String text) {
    try {
      socket.getOutputStream().write(Wire.bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(String text) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(Wire.bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static RawAnswer post(byte[] body, String... head) {
    String[] lines = Arrays.copyOf(head, head.length + 2);
    lines[head.length] = "Content-Length: " + body.length;
    lines[head.length + 1] = "Connection: close";
    return RawAnswer.to(adminPort(), body, lines);
  }

  private static RawAnswer local(String... head) {
    return RawAnswer.to(
        adminPort(),
        new byte[0],
        Stream.concat(Stream.of(head), Stream.of("Connection: close")).toArray(String[]::new));
  }

  private static int adminPort() {
    return acuse.app().getAdminPort();
  }

  private static int status(
      RunningAcuse acuse, String method, String path, @Nullable String token) {
    URI uri = URI.create("http://127.0.0.1:" + acuse.app().getAdminPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return acuse.exchange(request.build()).statusCode();
  }
}

package dev.acuse.sandbox.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BoundedExchangeTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @EnumSource
  void answerWithoutEndIsCutOffOrRefused(EndlessAnswer kind) throws Exception {
    try (var server = new RawServer(kind)) {
      CompletableFuture<BoundedExchange.Answer> answer = send(server, Duration.ofSeconds(30));
      try {
        assertThat(answer.get().body().length()).isLessThanOrEqualTo(64 * 1024);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(IOException.class);
        assertThat(e.getCause()).isNotInstanceOf(HttpTimeoutException.class);
      }
      // Nothing more is read; when it hangs up is the JDK's affair.
      assertThat(server.written()).isLessThan(EndlessAnswer.BOUNDED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nX-Drip: ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
      })
  void answerThatDripsIsCutOffAsAWhole(String head) throws Exception {
    try (var server = new RawServer(out -> drip(out, head))) {
      CompletableFuture<BoundedExchange.Answer> answer = send(server, Duration.ofMillis(400));

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> answer.get(20, SECONDS))
          .withCauseInstanceOf(HttpTimeoutException.class)
          .withMessageContaining("no complete answer within 400 ms");
    }
  }

  private CompletableFuture<BoundedExchange.Answer> send(RawServer server, Duration patience) {
    return BoundedExchange.send(
        client, HttpRequest.newBuilder(URI.create(server.url())).build(), patience);
  }

  /** A byte every 20 ms, for ever. */
  private static void drip(OutputStream out, String head) throws IOException {
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    while (!Thread.currentThread().isInterrupted()) {
      out.write('a');
      out.flush();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}

package dev.acuse.it.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.acuse.support.Bench;
import dev.acuse.support.Engine;
import dev.acuse.support.RawAnswer;
import dev.acuse.support.Wire;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Senders behind a proxy that appends their address to what they say themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardedSenderIT {
  /** Fifteen of one sender within a minute, and what comes due as time passes. */
  private static final int MOST = 25;

  private final Bench bench =
      new Bench(
          Engine.H2,
          Map.of(
              "intake.hintsPerSecond",
              "1",
              "server.applicationConnectors[0].useForwardedHeaders",
              "true"));

  @AfterAll
  void close() {
    bench.close();
  }

  @Test
  void senderIsWhatTheNearestProxySaysAndNothingThatItSaysItself() {
    int taken = 0;
    for (int i = 0; i < 40; i++) {
      taken +=
          taken(
              i,
              "Forwarded: for=192.0.2." + i,
              "X-Forwarded-For: 192.0.2." + i,
              "X-Forwarded-For: 192.0.2." + i + ", 198.51.100.7");
    }

    assertThat(taken).isBetween(10, MOST);
    assertThat(taken(100, "X-Forwarded-For: 198.51.100.7, 203.0.113.9")).isEqualTo(1);
  }

  private int taken(int id, String... headers) {
    String[] head = new String[4 + headers.length];
    head[0] = "POST /webhooks/mp?topic=payment&id=" + (900_000_000L + id) + " HTTP/1.1";
    head[1] = "Host: localhost";
    head[2] = "Content-Length: 0";
    head[3] = "Connection: close";
    System.arraycopy(headers, 0, head, 4, headers.length);
    int status = RawAnswer.to(bench.port(), Wire.lines(head)).status();
    assertThat(status).isIn(200, 503);
    return status == 200 ? 1 : 0;
  }
}

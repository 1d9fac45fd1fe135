package dev.acuse.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.acuse.support.Launch;
import dev.acuse.support.RawServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** S4: what the service calls answers without an end. */
final class EndlessAttacks {
  /** No connection is sent more, whatever becomes of it. */
  private static final long MOST_BYTES = 400L << 20;

  private static final Duration A_WHILE = Duration.ofMillis(2_500);

  private static final Map<String, Answer> ANSWERS = answers();

  private EndlessAttacks() {}

  static List<Attack> all() {
    return List.of(attack(Site.Kind.H2, 256), attack(Site.Kind.POSTGRESQL, 512));
  }

  /** MercadoPago and the address for alerts first, then GoHighLevel. */
  static Attack attack(Site.Kind site, int heap) {
    return Attack.of(
            "S4 answers without an end from MercadoPago, the address for alerts and GoHighLevel",
            site,
            Launch.asInProduction(heap),
            siege -> {
              quarantine(siege);
              Deque<Long> payments = new ArrayDeque<>();
              ANSWERS.forEach((kind, answer) -> payments.add(siege.stage().sellAnother()));
              ANSWERS.values().forEach(answer -> misbehave(siege, answer, payments.remove()));
              siege.note("kinds of answers", ANSWERS.keySet());
              outOfMemory(siege);
            })
        .with("ACUSE_ALERT_EVERY", "1s");
  }

  /**
   * The one after the other.
   *
   * @param payment of a customer who has no tag yet
   */
  private static void misbehave(Siege siege, Answer answer, long payment) {
    siege.fronts().mercadoPago(answer);
    siege.fronts().alerts(answer);
    Stage.during(A_WHILE);
    siege.fronts().mercadoPago(null);
    siege.fronts().goHighLevel(answer);
    siege.send(
        Peer.number(77),
        payment,
        siege.stage().sandbox().notifications().paymentUpdated(String.valueOf(payment)));
    Stage.during(A_WHILE);
    siege.fronts().goHighLevel(null);
    siege.fronts().alerts(null);
  }

  /** So many refused webhooks are a reason for an alert. */
  private static void quarantine(Siege siege) throws IOException {
    for (int i = 0; i < 25; i++) {
      Peer.number(90)
          .send(
              siege.webhooks(),
              siege
                  .stage()
                  .sandbox()
                  .notifications()
                  .paymentCreated("123")
                  .withHeader("x-signature", null));
    }
  }

  private static void outOfMemory(Siege siege) {
    long lines =
        siege.stage().instance(0).output().lines().filter(l -> l.contains("OutOfMemory")).count();
    if (lines > 0) {
      siege.complain(lines + " lines of OutOfMemoryError");
    }
  }

  private static Map<String, Answer> answers() {
    Map<String, Answer> answers = new LinkedHashMap<>();
    String ok = "HTTP/1.1 200 OK\r\n";
    answers.put("header lines", endless(ok, "X-A: " + "a".repeat(70) + "\r\n"));
    answers.put("one header line", endless(ok + "X-A: ", "a".repeat(1_000)));
    answers.put("a status line", endless("HTTP/1.1 200 ", "a".repeat(1_000)));
    answers.put("interim answers", endless("", "HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n"));
    String chunked = ok + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    answers.put("a chunk's extension", endless(chunked + "1;a=", "a".repeat(1_000)));
    answers.put("a body", endless(chunked, "400\r\n" + " ".repeat(1_024) + "\r\n"));
    answers.put(
        "trailers", endless(chunked + "2\r\n{}\r\n0\r\n", "X-A: " + "a".repeat(70) + "\r\n"));
    answers.put("blank lines", endless("", "\r\n"));
    return answers;
  }

  private static Answer endless(String start, String piece) {
    byte[] many = piece.repeat(Math.max(1, (32 << 10) / piece.length())).getBytes(ISO_8859_1);
    return out -> {
      out.write(start.getBytes(ISO_8859_1));
      for (long sent = 0; sent < MOST_BYTES; sent += many.length) {
        out.write(many);
        LockSupport.parkNanos(500_000);
      }
    };
  }
}

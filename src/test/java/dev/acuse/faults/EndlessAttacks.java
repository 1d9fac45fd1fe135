package dev.acuse.faults;

import dev.acuse.support.EndlessAnswer;
import dev.acuse.support.Launch;
import dev.acuse.support.RawServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** S4: what the service calls answers without an end. */
final class EndlessAttacks {
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  /** One of each part of an answer. */
  private static final List<EndlessAnswer> ANSWERS =
      List.of(
          EndlessAnswer.LONG_HEADER_LINES,
          EndlessAnswer.HEADER_VALUE,
          EndlessAnswer.STATUS_LINE,
          EndlessAnswer.EARLY_HINTS,
          EndlessAnswer.CHUNK_EXTENSION,
          EndlessAnswer.BODY_OF_CHUNKS,
          EndlessAnswer.TRAILERS,
          EndlessAnswer.EMPTY_LINES);

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
              ANSWERS.forEach(answer -> payments.add(siege.stage().sellAnother()));
              ANSWERS.forEach(answer -> misbehave(siege, answer, payments.remove()));
              siege.note("kinds of answers", ANSWERS.size());
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
    // Such an answer costs an attempt: a while without one, or none might be left.
    Stage.during(A_WHILE);
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
}

package dev.acuse.faults;

import dev.acuse.faults.Attack.Assault;
import dev.acuse.sandbox.mercadopago.Notification;
import dev.acuse.support.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** S2: what is not signed takes the disk, and the look-ups. */
final class FloodAttacks {
  /** What a flood of some seconds may add to the data, files that grow by large steps included. */
  private static final long MOST_BYTES = 64 << 20;

  /** What a genuine notification may wait for its look-up. */
  private static final Duration SOON = Duration.ofSeconds(10);

  /**
   * What it may wait if it is about a payment that nobody here knows, while a crowd of addresses
   * asks for the same.
   */
  private static final Duration IN_A_CROWD = Duration.ofSeconds(75);

  private static final Duration NOT_FOR_EVER = Duration.ofSeconds(90);

  private FloodAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (Site.Kind site : List.of(Site.Kind.H2, Site.Kind.POSTGRESQL)) {
      int heap = site == Site.Kind.H2 ? 256 : 512;
      all.add(bodies("S2 100 unsigned bodies of 1 MB in 10 s", site, heap, 10, 1_000_000));
      all.add(
          bodies("S2 unsigned bodies just below 16 KiB, 200 a second", site, heap, 200, 16_000));
      all.add(hints("S2 2,343 IPN of random ids in 8 s from one address", site, heap, 1));
      all.add(hints("S2 the same, from 50 addresses", site, heap, 50));
    }
    return all;
  }

  private static Attack bodies(String name, Site.Kind site, int heap, int perSecond, int bytes) {
    return Attack.of(name, site, Launch.asInProduction(heap), bodies(perSecond, bytes))
        .asInProduction();
  }

  private static Assault bodies(int perSecond, int bytes) {
    return siege -> {
      long before = siege.stage().diskBytes();
      flood(siege, perSecond, 1, number -> padded(siege, number, bytes), Duration.ofSeconds(10));
      grown(siege, before);
    };
  }

  private static Notification padded(Siege siege, int number, int bytes) {
    String id = String.valueOf(random(number));
    return siege
        .stage()
        .sandbox()
        .notifications()
        .ipnPayment(id)
        .withHeader("x-signature", null)
        .withBody(
            "{\"resource\":\"%s\",\"topic\":\"payment\",\"pad\":\"%s\"}"
                .formatted(id, "a".repeat(bytes - 60)));
  }

  /** The delay of what a known payment and an unknown one are named by. */
  static Attack hints(String name, Site.Kind site, int heap, int addresses) {
    return Attack.of(name, site, Launch.asInProduction(heap), hints(addresses)).asInProduction();
  }

  private static Assault hints(int addresses) {
    return siege -> {
      Stage stage = siege.stage();
      long known = stage.sellAnother();
      long unknown = stage.sellAnother();
      siege.awaitLookUp(
          Peer.number(88),
          known,
          stage.sandbox().notifications().paymentUpdated(String.valueOf(known)),
          NOT_FOR_EVER);
      long before = stage.diskBytes();
      flood(
          siege,
          293,
          addresses,
          number -> stage.sandbox().notifications().ipnPayment(String.valueOf(random(number))),
          Duration.ofSeconds(8));
      delay(siege, Peer.number(88), known, "a known payment", SOON);
      Duration bound = addresses == 1 ? SOON : IN_A_CROWD;
      delay(siege, Peer.number(89), unknown, "an unknown payment", bound);
      grown(siege, before);
    };
  }

  private static void delay(Siege siege, Peer peer, long payment, String what, Duration bound) {
    Notification ipn = siege.stage().sandbox().notifications().ipnPayment(String.valueOf(payment));
    @Nullable Duration delay = siege.awaitLookUp(peer, payment, ipn, NOT_FOR_EVER);
    siege.note(
        "IPN of " + what + " looked up after",
        delay == null ? "more than 90 s" : delay.toMillis() + " ms");
    if (delay == null || delay.compareTo(bound) > 0) {
      siege.complain("IPN of " + what + " waits for long");
    }
  }

  /** The load of a stranger, from so many addresses in turn. */
  private static void flood(
      Siege siege,
      int perSecond,
      int addresses,
      IntFunction<Notification> notifications,
      Duration time) {
    var turn = new AtomicInteger();
    try (Load load =
        Load.start(
            perSecond,
            notifications,
            () ->
                notification ->
                    Peer.number(2_000 + turn.getAndIncrement() % addresses)
                        .send(siege.webhooks(), notification))) {
      Stage.during(time);
      List<Load.Sent> sent =
          load.stop(Path.of("target", "faults", "flood.journal"), Duration.ofSeconds(6));
      siege.acknowledgedToStrangers(Stage.acknowledged(sent));
      siege.note(
          "acknowledged to the attacker",
          sent.stream().filter(Load.Sent::isAcknowledged).count() + " of " + sent.size());
    }
  }

  private static void grown(Siege siege, long before) {
    long bytes = siege.stage().diskBytes() - before;
    siege.note("the data grew by", "%.1f MiB".formatted(bytes / (double) (1 << 20)));
    if (bytes > MOST_BYTES) {
      siege.complain("the data grew by " + (bytes >> 20) + " MiB");
    }
  }

  /** The id of a payment that nobody has. */
  private static long random(int number) {
    return 20_000_000_000L + new Random(number).nextInt(Integer.MAX_VALUE);
  }
}

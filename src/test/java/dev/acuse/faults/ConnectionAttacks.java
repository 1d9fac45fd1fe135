package dev.acuse.faults;

import dev.acuse.faults.Attack.Assault;
import dev.acuse.faults.Drips.Group;
import dev.acuse.support.Launch;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** S6: connections that drip. */
final class ConnectionAttacks {
  private static final String HEADERS = "POST /webhooks/mp HTTP/1.1\r\nX-A: ";
  private static final String BODY =
      "POST /webhooks/mp HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n{";
  private static final String TASK =
      "POST /tasks/gc HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\n";

  private static final Duration SOME_TIME = Duration.ofSeconds(12);

  /** How long the answer of the admin port may take. */
  private static final long SLOWEST_MILLIS = 2_000;

  private ConnectionAttacks() {}

  static List<Attack> all() {
    return List.of(
        fewDescriptors(Site.Kind.H2, 256),
        fewDescriptors(Site.Kind.POSTGRESQL, 512),
        manyBodies(Site.Kind.H2, 256),
        manyBodies(Site.Kind.POSTGRESQL, 512),
        adminPort(Site.Kind.H2, 256),
        adminPort(Site.Kind.POSTGRESQL, 512));
  }

  static Attack fewDescriptors(Site.Kind site, int heap) {
    return Attack.of(
        "S6 ulimit -n 256, 200 dripping headers and 200 dripping bodies",
        site,
        Launch.asInProduction(heap).withOpenFiles(256),
        siege -> {
          var headers = new Group(200, addresses(30), HEADERS);
          drip(siege, headers, new Group(200, addresses(40), BODY));
        });
  }

  static Attack manyBodies(Site.Kind site, int heap) {
    return Attack.of(
        "S6 1,500 dripping bodies from eight addresses",
        site,
        Launch.asInProduction(heap),
        siege -> drip(siege, new Group(1_500, addresses(40), BODY)));
  }

  private static void drip(Siege siege, Group... groups) throws IOException {
    try (Drips drips = Drips.on(siege.webhooks(), groups)) {
      siege.note("dripping at the end", drips.last(SOME_TIME));
    }
  }

  static Attack adminPort(Site.Kind site, int heap) {
    return Attack.of(
        "S6 500 dripping POST /tasks/gc on the admin port",
        site,
        Launch.asInProduction(heap),
        askingForHealth());
  }

  private static Assault askingForHealth() {
    return siege -> {
      URI health = siege.stage().instance(0).adminUrl("/healthcheck");
      long slowest = 0;
      try (Drips tasks = Drips.on(health, new Group(500, addresses(40), TASK))) {
        for (int second = 0; second < 10; second++) {
          siege.note("dripping at the end", tasks.last(Duration.ofSeconds(1)));
          slowest = Math.max(slowest, millis(siege, health));
        }
      }
      siege.note("the slowest answer of /healthcheck", slowest + " ms");
      if (slowest > SLOWEST_MILLIS) {
        siege.complain("/healthcheck took " + slowest + " ms");
      }
    };
  }

  private static long millis(Siege siege, URI health) {
    long start = System.nanoTime();
    try {
      int status = Peer.number(1).ask(health, "GET", "Host: " + health.getAuthority()).status();
      if (status != 200 && status != 500) {
        siege.complain("/healthcheck answered " + status);
      }
    } catch (IOException e) {
      siege.complain("/healthcheck does not answer: " + e.getMessage());
    }
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  private static IntFunction<Peer> addresses(int first) {
    return i -> Peer.number(first + i % 8);
  }
}

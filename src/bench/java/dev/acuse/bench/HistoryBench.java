package dev.acuse.bench;

import dev.acuse.database.AcuseJdbiPlugin;
import dev.acuse.event.Lane;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.LaneShare;
import dev.acuse.support.LargeInbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * What a page, a search, the counts and a claim take where the inbox holds years, and where it
 * holds a day. On PostgreSQL, by HTTP, one request at a time: both inboxes stand beside each other,
 * each with a service of its own, and are asked by turns.
 */
final class HistoryBench {
  private static final int LARGE = Integer.getInteger("bench.history", 5_000_000);
  private static final int SMALL = 10_000;
  private static final int TIMES = 200;
  private static final int CLAIMED = 8;

  private static final ClaimRequest CLAIM =
      ClaimRequest.due(
          "benchmark",
          List.of(new LaneShare(Lane.MAIN, CLAIMED)),
          Duration.ofHours(1),
          Set.of("tag", "find_contact"));

  /** With their warm-up no more than an inbox has events that are due. */
  private static final int CLAIMS = 48;

  /** In a path, the number of a payment from the middle of an inbox. */
  private static final String MIDDLE = "MIDDLE";

  /** Milliseconds of one kind of request. */
  private record Times(double p50, double p95) {
    static Times of(double[] millis) {
      double[] sorted = millis.clone();
      Arrays.sort(sorted);
      return new Times(sorted[sorted.length / 2], sorted[sorted.length * 95 / 100]);
    }
  }

  /** The same request in both inboxes. */
  private record Both(Times small, Times large) {
    double ratio() {
      return large.p50() / small.p50();
    }
  }

  /** Answers how many milliseconds it took. */
  @FunctionalInterface
  private interface Timed {
    double millis();
  }

  private final HttpClient client = HttpClient.newHttpClient();

  private HistoryBench() {}

  static void report(BenchReport report) {
    Map<String, Both> all = new HistoryBench().measure();
    String worst = "";
    double most = 0;
    double slowestPage = 0;
    for (Map.Entry<String, Both> entry : all.entrySet()) {
      String name = entry.getKey();
      Both times = entry.getValue();
      if (times.ratio() > most) {
        most = times.ratio();
        worst = name;
      }
      if (name.startsWith("console")) {
        slowestPage = Math.max(slowestPage, times.large().p95());
      }
      report.figure(
          "%s, at %,d events".formatted(name, LARGE),
          String.format(
              Locale.ROOT,
              "p50 %.1f, p95 %.1f ms (%.2f × the p50 at %d)",
              times.large().p50(),
              times.large().p95(),
              times.ratio(),
              SMALL));
    }
    report.ratio(
        "claim, list, search and counts at %,d events ÷ at %,d: the worst, %s"
            .formatted(LARGE, SMALL, worst),
        Figures.of(most),
        "2",
        "1.5");
    report.ratio(
        "console at %,d events: p95 of the slowest page, ms".formatted(LARGE),
        Figures.of(slowestPage),
        "100",
        "–");
  }

  /** By what was asked for, in order. */
  private Map<String, Both> measure() {
    Map<String, Both> times = new LinkedHashMap<>();
    try (Inbox small = new Inbox(SMALL);
        Inbox large = new Inbox(LARGE)) {
      requests()
          .forEach(
              (name, path) -> {
                HttpRequest toSmall = small.request(path);
                HttpRequest toLarge = large.request(path);
                times.put(name, byTurns(TIMES, () -> ask(toSmall), () -> ask(toLarge)));
              });
      small.openToClaims();
      large.openToClaims();
      times.put(
          "claim of %d events".formatted(CLAIMED), byTurns(CLAIMS, small::claim, large::claim));
    }
    return times;
  }

  /** So many of each after a warm-up of a quarter; each is the first in half of the turns. */
  private static Both byTurns(int turns, Timed small, Timed large) {
    double[] ofSmall = new double[turns];
    double[] ofLarge = new double[turns];
    for (int i = -turns / 4; i < turns; i++) {
      boolean smallFirst = i % 2 == 0;
      double first = smallFirst ? small.millis() : large.millis();
      double second = smallFirst ? large.millis() : small.millis();
      if (i >= 0) {
        ofSmall[i] = smallFirst ? first : second;
        ofLarge[i] = smallFirst ? second : first;
      }
    }
    return new Both(Times.of(ofSmall), Times.of(ofLarge));
  }

  /** What is asked for, by its name, in order. */
  private static Map<String, String> requests() {
    Map<String, String> requests = new LinkedHashMap<>();
    requests.put("console: first page", "/console/events");
    for (String status : List.of("pending", "success", "failed", "ignored", "quarantined")) {
      requests.put("console: status " + status, "/console/events?status=" + status);
    }
    requests.put("console: type", "/console/events?type=topic_claims");
    requests.put("console: origin", "/console/events?origin=reconciliation");
    requests.put("console: dates", "/console/events?from=2026-01-01&to=2026-11-30");
    requests.put("console: search for a payment", "/console/events?q=" + MIDDLE);
    requests.put("console: search for a webhook", "/console/events?q=mp:payment:" + MIDDLE + ":x");
    requests.put("console: search for a reference", "/console/events?q=order-" + MIDDLE);
    requests.put(
        "console: search for an e-mail", "/console/events?q=buyer" + MIDDLE + "%40example.test");
    requests.put("console: payments", "/console/payments");
    requests.put("API: list", "/api/webhook-events?limit=50");
    requests.put("API: search", "/api/webhook-events?q=" + MIDDLE);
    requests.put("API: counts", "/api/stats");
    return requests;
  }

  private double ask(HttpRequest request) {
    long begin = System.nanoTime();
    int status;
    try {
      status = client.send(request, BodyHandlers.ofByteArray()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    if (status != 200) {
      throw new AssertionError(request.uri() + " was answered " + status);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  /** A database of that many events, and a service on it. */
  private static final class Inbox implements AutoCloseable {
    private final BenchDatabase database = BenchDatabase.postgresql();
    private final BenchServer server = BenchServer.start(database.url(), "", Map.of());
    // A claim is timed, not a connection.
    private final DataSource pool = new DataSource();
    private final Jdbi jdbi;
    private final EventStore store;
    private final int events;

    Inbox(int events) {
      this.events = events;
      pool.setDriverClassName("org.postgresql.Driver");
      pool.setUrl(database.url());
      jdbi = Jdbi.create(pool).installPlugin(new AcuseJdbiPlugin());
      store = new EventStore(jdbi, InstantSource.system(), 4);
      LargeInbox.fill(jdbi, events);
    }

    HttpRequest request(String path) {
      String filled = path.replace(MIDDLE, String.valueOf(events / 4));
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + filled))
          .build();
    }

    /** From here on its service is gone: its dispatcher would claim as well. */
    void openToClaims() {
      server.close();
      jdbi.useHandle(handle -> handle.execute("DELETE FROM inbox_hold"));
    }

    double claim() {
      long begin = System.nanoTime();
      int found = store.claim(CLAIM).size();
      double millis = (System.nanoTime() - begin) / 1e6;
      Backlogs.check(CLAIMED, found, "events claimed");
      return millis;
    }

    @Override
    public void close() {
      pool.close();
      server.close();
      database.close();
    }
  }
}

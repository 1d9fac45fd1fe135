package dev.acuse.bench;

import dev.acuse.event.ClaimRequest;
import dev.acuse.event.EventStore;
import dev.acuse.event.SqlTypesPlugin;
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
import java.util.Map;
import java.util.Set;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * What a page, a search, the counts and a claim take where the inbox holds years, and where it
 * holds a day. On PostgreSQL, by HTTP, one request at a time.
 */
final class HistoryBench {
  static final int LARGE = Integer.getInteger("bench.history", 5_000_000);
  static final int SMALL = 10_000;
  private static final int TIMES = 60;

  /** Milliseconds of one kind of request. */
  record Times(double p50, double p95) {
    static Times of(double[] millis) {
      double[] sorted = millis.clone();
      Arrays.sort(sorted);
      return new Times(sorted[sorted.length / 2], sorted[sorted.length * 95 / 100]);
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final int events;

  HistoryBench(int events) {
    this.events = events;
  }

  /** By what was asked for, in order. */
  Map<String, Times> run() {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", Map.of())) {
      // A claim is timed, not a connection.
      var pool = new DataSource();
      pool.setDriverClassName("org.postgresql.Driver");
      pool.setUrl(database.url());
      var jdbi = Jdbi.create(pool).installPlugin(new SqlTypesPlugin());
      LargeInbox.fill(jdbi, events);
      Map<String, Times> times = new LinkedHashMap<>();
      requests().forEach((name, path) -> times.put(name, ask(server.port(), path)));
      times.put("claim of 8 events", claim(jdbi));
      pool.close();
      return times;
    }
  }

  private Map<String, String> requests() {
    int middle = events / 4;
    Map<String, String> requests = new LinkedHashMap<>();
    requests.put("console: first page", "/console/events");
    for (String status : List.of("pending", "success", "failed", "ignored", "quarantined")) {
      requests.put("console: status " + status, "/console/events?status=" + status);
    }
    requests.put("console: type", "/console/events?type=topic_claims");
    requests.put("console: origin", "/console/events?origin=reconciliation");
    requests.put("console: dates", "/console/events?from=2026-01-01&to=2026-11-30");
    requests.put("console: search for a payment", "/console/events?q=" + middle);
    requests.put("console: search for a webhook", "/console/events?q=mp:payment:" + middle + ":x");
    requests.put("console: search for a reference", "/console/events?q=order-" + middle);
    requests.put(
        "console: search for an e-mail", "/console/events?q=buyer" + middle + "%40example.test");
    requests.put("console: payments", "/console/payments");
    requests.put("API: list", "/api/webhook-events?limit=50");
    requests.put("API: search", "/api/webhook-events?q=" + middle);
    requests.put("API: counts", "/api/stats");
    return requests;
  }

  private Times ask(int port, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    double[] millis = new double[TIMES];
    for (int i = -TIMES / 3; i < TIMES; i++) {
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
        throw new AssertionError(path + " was answered " + status);
      }
      if (i >= 0) {
        millis[i] = (System.nanoTime() - begin) / 1e6;
      }
    }
    return Times.of(millis);
  }

  /** The dispatcher of the server is paused; the pause is lifted for this alone. */
  private static Times claim(Jdbi jdbi) {
    jdbi.useHandle(handle -> handle.execute("DELETE FROM inbox_pause"));
    var store = new EventStore(jdbi, InstantSource.system(), 4);
    double[] millis = new double[TIMES / 2];
    for (int i = 0; i < millis.length; i++) {
      long begin = System.nanoTime();
      var unused = store.claim(ClaimRequest.due("benchmark", 8, Duration.ofHours(1), Set.of()));
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    return Times.of(millis);
  }
}

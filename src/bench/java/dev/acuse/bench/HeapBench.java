package dev.acuse.bench;

import dev.acuse.bench.GcLog.Pause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/**
 * How small the heap may be while as many webhooks come as the service takes, and are worked off at
 * once. The smallest that does without full collections is the one that counts.
 */
final class HeapBench {
  private static final List<String> HEAPS = List.of("256m", "384m");

  /** One stretch, as long as all the rounds of other parts. */
  private static final int STRETCH = Rounds.COUNT * Rounds.SECONDS;

  private record Result(
      String heap,
      boolean outOfMemory,
      List<Pause> pauses,
      double seconds,
      long worked,
      LoadResult load) {
    boolean isEnough() {
      return !outOfMemory && fullPauses() == 0;
    }

    long fullPauses() {
      return pauses.stream().filter(Pause::isFull).count();
    }

    String figures() {
      return "%.0f requests/s, p99 %s ms; %.0f events/s worked on; largest after a collection %d MB; %s %% of the time in %d"
              .formatted(
                  load.perSecond(),
                  Figures.of(load.latency().p99()),
                  worked / seconds,
                  pauses.stream().mapToInt(Pause::after).max().orElse(0),
                  Figures.of(pauses.stream().mapToDouble(Pause::millis).sum() / seconds / 10),
                  pauses.size())
          + " pauses, the longest %s ms; %d full collections; %s (one stretch of %.0f s)"
              .formatted(
                  Figures.of(pauses.stream().mapToDouble(Pause::millis).max().orElse(0)),
                  fullPauses(),
                  outOfMemory ? "OutOfMemoryError" : "no OutOfMemoryError",
                  seconds);
    }
  }

  private HeapBench() {}

  static void report(BenchReport report) {
    String enough = "none of " + HEAPS;
    for (String heap : HEAPS) {
      Result result = measure(heap);
      System.out.println(result.figures());
      report.figure("full intake and drain, -Xmx" + heap, result.figures());
      if (result.isEnough()) {
        enough = "-Xmx" + result.heap();
        break;
      }
    }
    report.ratio(
        "heap at full intake and drain, no full collection", enough, "-Xmx384m", "-Xmx256m");
  }

  private static Result measure(String heap) {
    try (BenchDatabase database = BenchDatabase.postgresql();
        BenchServer server = BenchServer.start(database.url(), "", heap, Map.of())) {
      var load = new CountedLoad(server, database);
      server.task("resume");
      var unused = load.closed(Rounds.WARM_UP_SECONDS, 1);
      long attempts = Backlogs.count(database, "webhook_attempts");
      int before = GcLog.pauses(server.logs().resolve("gc.log")).size();
      long start = System.nanoTime();
      LoadResult result = load.closed(0, STRETCH);
      double seconds = (System.nanoTime() - start) / 1e9;
      List<Pause> pauses = GcLog.pauses(server.logs().resolve("gc.log"));
      long worked = Backlogs.count(database, "webhook_attempts") - attempts;
      Backlogs.stopAndCheck(server, database, "ignored");
      return new Result(
          heap,
          Files.readString(server.logs().resolve("output.log")).contains("OutOfMemoryError"),
          pauses.subList(before, pauses.size()),
          seconds,
          worked,
          result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

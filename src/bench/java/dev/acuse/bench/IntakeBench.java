package dev.acuse.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;

/** Intake at saturation against its baselines in the same server: a round is one run of each. */
final class IntakeBench {
  static final int CONNECTIONS = 64;

  /** Of a processor. */
  private static final double COMPILER_RESTS = 0.05;

  private static final int MOST_PASSES = 5;
  private static long seed;

  /** The ways to take a webhook in; the switch is the path. */
  enum Variant {
    GROUP("group commit", "/webhooks/mp", true),
    ONE("one insert a request", "/webhooks/bench/one-insert", true),
    NONE("no database", "/webhooks/bench/no-database", false);

    private final String title;
    private final String path;
    private final boolean stores;

    Variant(String title, String path, boolean stores) {
      this.title = title;
      this.path = path;
      this.stores = stores;
    }

    String title() {
      return title;
    }
  }

  /**
   * A run of one variant.
   *
   * @param serverMicros processor time of the server for one webhook
   * @param databaseMicros that of PostgreSQL; 0 where the database runs in the server
   */
  record Run(LoadResult load, double serverMicros, double databaseMicros) {}

  private final BenchServer server;
  private final BenchDatabase database;
  private final Runnable baseline;

  /**
   * @param baseline runs once a round, beside the variants: what slows the machine down for a while
   *     slows it as well
   */
  IntakeBench(BenchServer server, BenchDatabase database, Runnable baseline) {
    this.server = server;
    this.database = database;
    this.baseline = baseline;
  }

  /** Measures all variants, interleaved, each round in another order. */
  Map<Variant, List<Run>> run() {
    Map<Variant, List<Run>> results = new EnumMap<>(Variant.class);
    List<Variant> order = new ArrayList<>(List.of(Variant.values()));
    order.forEach(variant -> results.put(variant, new ArrayList<>()));
    warmUp();
    for (int round = 0; round < Rounds.COUNT; round++) {
      for (Variant variant : order) {
        Run result = load(variant, 1, Rounds.SECONDS);
        System.out.println(variant.title() + ": " + result);
        results.getOrDefault(variant, new ArrayList<>()).add(result);
      }
      baseline.run();
      Collections.rotate(order, 1);
    }
    return results;
  }

  /**
   * Until the compiler rests: it takes half a processor for minutes, and the slower the machine,
   * the longer. All variants by turns, for each shows it other ways through the same code.
   */
  private void warmUp() {
    for (int pass = 0; pass < MOST_PASSES; pass++) {
      long start = System.nanoTime();
      long compiledBefore = Processor.compilerMicros(server.pid());
      for (Variant variant : Variant.values()) {
        load(variant, 1, Rounds.WARM_UP_SECONDS);
      }
      double compiler =
          (Processor.compilerMicros(server.pid()) - compiledBefore)
              / ((System.nanoTime() - start) / 1e3);
      System.out.printf(
          Locale.ROOT, "warm-up: the compiler took %.0f %% of a processor%n", 100 * compiler);
      if (compiler < COMPILER_RESTS) {
        return;
      }
    }
  }

  private Run load(Variant variant, int warmUp, int seconds) {
    long before = stored();
    long serverBefore = Processor.micros(server.pid());
    long databaseBefore = database.processorMicros();
    LoadResult result = send(plan(server.port(), variant.path, 0, warmUp, seconds));
    if (result.refused() > 0) {
      throw new IllegalStateException(result.refused() + " webhooks were refused");
    }
    long expected = before + (variant.stores ? result.acknowledged() : 0);
    // What went to the spool, for the disk was slow, is a row a little later.
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> check(stored(), expected));
    double webhooks = result.acknowledged();
    return new Run(
        result,
        (Processor.micros(server.pid()) - serverBefore) / webhooks,
        (database.processorMicros() - databaseBefore) / webhooks);
  }

  /** The service counts anew after a while only, and what the baseline stores it does not know. */
  private long stored() {
    return database.isServer() ? Backlogs.count(database, "webhook_events") : server.events();
  }

  private static void check(long stored, long expected) {
    if (stored != expected) {
      throw new AssertionError(expected + " rows were acknowledged, there are " + stored);
    }
  }

  static LoadPlan plan(int port, String path, int perSecond, int warmUp, int seconds) {
    return new LoadPlan(
        port,
        path,
        BenchServer.SECRET,
        "payment",
        perSecond == 0 ? CONNECTIONS : 4 * CONNECTIONS,
        perSecond,
        warmUp,
        seconds,
        seed++);
  }

  /** Lets a generator run in a process of its own. */
  static LoadResult send(LoadPlan plan) {
    return LoadResult.parse(
        ChildJava.run(LoadGenerator.class, List.of("-Xmx128m"), plan.arguments()));
  }
}

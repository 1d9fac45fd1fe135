package dev.acuse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own load generator, where it is installed: the same row, one a commit, no HTTP. */
final class PgBench {
  private static final List<Integer> CLIENTS = List.of(16, 32, 64);
  private static final int SECONDS = Math.max(1, Rounds.SECONDS / 2);
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
  private static final String INSERT =
      """
      INSERT INTO webhook_events (webhook_id, source, event_type, action, resource_id, status,
        max_attempts, next_retry_at, raw_payload, payload_size, query_string, headers, signature,
        last_delivered_at, origin, received_at, updated_at)
      VALUES (gen_random_uuid(), 'mp', 'payment', 'payment.updated', '1000000000', 'pending', 4,
        now(), convert_to(repeat('x', 200), 'UTF8'), 200, 'data.id=1000000000&type=payment',
        repeat('h', 200), 'verified', now(), 'webhook', now(), now())
      ON CONFLICT DO NOTHING;
      """;

  private final BenchDatabase database;
  private final Map<Integer, List<Double>> rates = new TreeMap<>();
  private boolean installed = true;

  PgBench(BenchDatabase database) {
    this.database = database;
  }

  /** Lets each number of clients insert, one after the other; nothing where it is not installed. */
  void round() {
    for (int clients : CLIENTS) {
      if (installed) {
        OptionalDouble rate = rate(clients);
        installed = rate.isPresent();
        rate.ifPresent(
            one -> {
              System.out.println("pgbench with " + clients + " clients: " + one);
              rates.computeIfAbsent(clients, any -> new ArrayList<>()).add(one);
            });
      }
    }
  }

  /**
   * Rows a second, round by round, at the number of clients whose median is best; empty if there is
   * no pgbench.
   */
  List<Double> best() {
    return installed
        ? rates.values().stream()
            .max(Comparator.comparingDouble(rounds -> Rounds.median(rounds, rate -> rate)))
            .orElse(List.of())
        : List.of();
  }

  private OptionalDouble rate(int clients) {
    try {
      Path script = Files.createTempFile(Path.of("target", "bench"), "insert-", ".sql");
      Files.writeString(script, INSERT);
      Matcher rate = RATE.matcher(run(database, script, clients, SECONDS).orElse(""));
      return rate.find()
          ? OptionalDouble.of(Double.parseDouble(rate.group(1)))
          : OptionalDouble.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> run(
      BenchDatabase database, Path script, int clients, int seconds) {
    var command =
        new ProcessBuilder(
                "pgbench",
                "-n",
                "-M",
                "prepared",
                "-j",
                "2",
                "-c",
                String.valueOf(clients),
                "-T",
                String.valueOf(seconds),
                "-f",
                script.toString(),
                "-h",
                "localhost",
                "-p",
                String.valueOf(database.port()),
                "-U",
                database.user(),
                "postgres")
            .redirectErrorStream(true);
    try {
      Process process = command.start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException e) {
      System.err.println("pgbench is not installed: " + e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

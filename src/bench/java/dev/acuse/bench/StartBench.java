package dev.acuse.bench;

import dev.acuse.bench.PackagedService.FirstAnswer;
import dev.acuse.bench.PackagedService.Program;
import dev.acuse.support.PreviousRelease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * How long a start takes until a webhook is answered, and what the service then needs: the release
 * before, as {@code java -jar} starts it, and this one with the options and the archive of classes
 * that it is installed with, by turns. Each finds a database that it has used before.
 */
final class StartBench {
  private static final int STARTS = Integer.getInteger("bench.starts", 10);

  /** Another commit than that of the release before. */
  private static final String BEFORE = System.getProperty("bench.before", "");

  private static final int WEBHOOKS = 10;
  private static final Duration IDLE = Duration.ofSeconds(12);
  private static final int EARLY_SECONDS = 10;

  /** After so many stretches of warming up the compiler rests. */
  private static final int WARM_UPS = 3;

  private record Start(FirstAnswer first, double cpu, double idle) {}

  private final SignedRequests requests =
      new SignedRequests(
          "/webhooks/mp", BenchServer.SECRET, Backlogs.TYPE, System.nanoTime() >> 40);

  private StartBench() {}

  static void report(BenchReport report) {
    PreviousRelease before =
        BEFORE.isEmpty() ? PreviousRelease.build() : PreviousRelease.build(BEFORE);
    List<Program> programs =
        List.of(
            new Program("before", before.jar(), before.config(), List.of()),
            new Program("now", ChildJava.JAR.toAbsolutePath(), Path.of("config.yml"), installed()));
    var bench = new StartBench();
    Map<String, List<Start>> starts = bench.starts(programs);
    List<Start> old = starts.getOrDefault("before", List.of());
    List<Start> now = starts.getOrDefault("now", List.of());
    report.ratio(
        "start: command → first webhook answered 200, s",
        Figures.of(Rounds.median(now, start -> start.first().afterCommand()) / 1_000),
        "–",
        "≤ 2.0");
    report.ratio(
        "start: the same ÷ that of the release before",
        ratio(now, old, start -> start.first().afterCommand()),
        "–",
        "≤ 0.4");
    report.ratio(
        "start: that first answer itself, ms",
        Figures.of(Rounds.median(now, start -> start.first().answer())),
        "–",
        "≤ 100");
    report.ratio(
        "idle after a start and %d webhooks, resident, MB".formatted(WEBHOOKS),
        "%.0f".formatted(Rounds.median(now, Start::idle)),
        "180",
        "160");
    starts.forEach(
        (title, all) ->
            report.figure("start, %s, median of %d".formatted(title, STARTS), figures(all)));
    bench.early(report, programs.get(1));
  }

  /**
   * The options that the package starts the JVM with, and an archive of the classes of this jar.
   */
  static List<String> installed() {
    try {
      List<String> options = new ArrayList<>(ChildJava.installedOptions());
      Path archive = Path.of("target", "bench", "acuse.jsa").toAbsolutePath();
      Files.createDirectories(archive.getParent());
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.addAll(
          List.of(
              "-jar",
              ChildJava.JAR.toString(),
              "archive",
              "--to",
              archive.toString(),
              "config.yml"));
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("no archive of classes could be made");
      }
      options.add("-XX:SharedArchiveFile=" + archive);
      return options;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Map<String, List<Start>> starts(List<Program> programs) {
    Map<String, List<Start>> starts = new LinkedHashMap<>();
    Map<String, Path> databases = new LinkedHashMap<>();
    List<PackagedService> used = new ArrayList<>();
    for (Program program : programs) {
      PackagedService first = PackagedService.start(program, null, Map.of());
      first.awaitFirstAnswer(requests);
      first.stop();
      used.add(first);
      databases.put(program.title(), first.database());
      starts.put(program.title(), new ArrayList<>());
    }
    for (int round = 0; round < STARTS; round++) {
      for (int i = 0; i < programs.size(); i++) {
        Program program = programs.get((round + i) % programs.size());
        Start start = start(program, databases.get(program.title()));
        System.out.println(program.title() + ": " + start);
        starts.getOrDefault(program.title(), new ArrayList<>()).add(start);
      }
    }
    used.forEach(PackagedService::close);
    return starts;
  }

  private Start start(Program program, @Nullable Path database) {
    try (PackagedService service = PackagedService.start(program, database, Map.of())) {
      FirstAnswer first = service.awaitFirstAnswer(requests);
      double cpu = service.processorSeconds();
      for (int i = 0; i < WEBHOOKS; i++) {
        if (service.ask(requests) != 200) {
          throw new IllegalStateException("a webhook was refused");
        }
      }
      long end = System.nanoTime() + IDLE.toNanos();
      Awaitility.await().atMost(IDLE.plusSeconds(10)).until(() -> System.nanoTime() >= end);
      return new Start(first, cpu, service.megabytes("VmRSS"));
    }
  }

  /** What it takes at most in its first seconds, and what when it is warm: the same process. */
  private void early(BenchReport report, Program program) {
    List<Double> ratios = new ArrayList<>();
    List<Double> early = new ArrayList<>();
    List<Double> warm = new ArrayList<>();
    for (int round = 0; round < Rounds.COUNT; round++) {
      try (PackagedService service = PackagedService.start(program, null, Map.of())) {
        service.awaitFirstAnswer(requests);
        early.add(load(service, EARLY_SECONDS));
        for (int i = 0; i < WARM_UPS; i++) {
          load(service, Rounds.WARM_UP_SECONDS);
        }
        warm.add(load(service, EARLY_SECONDS));
        ratios.add(early.get(round) / warm.get(round));
      }
    }
    report.ratio(
        "H2: intake in the first ten seconds ÷ warm",
        Figures.of(Rounds.median(ratios, value -> value)),
        "–",
        "≥ 0.7");
    report.figure(
        "H2: intake by 64 connections, in the first ten seconds and warm",
        "%.0f and %.0f requests/s"
            .formatted(Rounds.median(early, value -> value), Rounds.median(warm, value -> value)));
  }

  private static double load(PackagedService service, int seconds) {
    LoadResult result =
        IntakeBench.send(
            IntakeBench.plan(service.port(), "/webhooks/mp", 0, 0, seconds)
                .withType(Backlogs.TYPE));
    Backlogs.check(0, result.refused(), "refused webhooks");
    return result.perSecond();
  }

  private static String ratio(List<Start> over, List<Start> under, ToDoubleFunction<Start> figure) {
    return Figures.of(Rounds.medianRatio(over, under, figure));
  }

  private static String figures(List<Start> starts) {
    return "first 200 after %s s, itself %s ms; processor time until then %s s; idle %.0f MB"
        .formatted(
            Figures.of(Rounds.median(starts, start -> start.first().afterCommand()) / 1_000),
            Figures.of(Rounds.median(starts, start -> start.first().answer())),
            Figures.of(Rounds.median(starts, Start::cpu)),
            Rounds.median(starts, Start::idle));
  }
}

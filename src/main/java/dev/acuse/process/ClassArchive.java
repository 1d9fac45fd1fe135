package dev.acuse.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes an archive of the classes of a jar, as they are in memory once they are loaded and verified
 * (the JVM's class-data sharing). A start with {@code -XX:SharedArchiveFile} does neither again. An
 * archive fits one build of Java and one jar, and no other; the JVM does without one that doesn't.
 */
public final class ClassArchive {
  /**
   * Classes that have no file. Java 17 archives them, but crashes at the start when it is recorded
   * ({@code -XX:StartFlightRecording}) or has an agent, both of which ask for the file of each
   * class.
   */
  private static final List<String> WITHOUT_FILE =
      List.of("@lambda-form-invoker", "java/lang/invoke/BoundMethodHandle$Species");

  /** Of what a process has printed: the lines of its log, and what the JVM says of each class. */
  private static final Pattern NOISE = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT|\\[warning]\\[cds]");

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int TOLD_LINES = 5;

  private final Path java;
  private final Path jar;
  private final List<String> options;
  private final List<String> without;

  /**
   * @param java the program that a start will use
   * @param jar which a start will run
   * @param options of the JVM at a start, as the garbage collector
   * @param without the beginnings of names of classes, with slashes, that a start does not need:
   *     what is in an archive is in memory
   */
  public ClassArchive(Path java, Path jar, List<String> options, List<String> without) {
    this.java = java;
    this.jar = jar;
    this.options = List.copyOf(options);
    this.without = Stream.of(without, WITHOUT_FILE).flatMap(List::stream).toList();
  }

  /**
   * Makes it: a process does what a start does and ends by itself, and the JVM writes down which
   * classes that has loaded; then another archives these.
   *
   * @param file is replaced when the archive is whole
   * @param arguments of the program in the jar
   * @param environment is added to this process's own
   * @throws SetupException if it could not be made, with what the program said
   */
  public void make(Path file, List<String> arguments, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path target = file.toAbsolutePath();
    Path work = workFolder(file);
    try {
      Path classes = work.resolve("classes");
      Path made = work.resolve("made");
      List<String> observed = new ArrayList<>(options);
      observed.addAll(List.of("-XX:DumpLoadedClassList=" + classes, "-jar", jar.toString()));
      observed.addAll(arguments);
      run(observed, environment, work.resolve("observed.log"));
      thin(classes);
      List<String> dump = new ArrayList<>(options);
      dump.addAll(
          List.of(
              "-Xshare:dump",
              "-XX:SharedClassListFile=" + classes,
              "-XX:SharedArchiveFile=" + made,
              "-cp",
              jar.toString()));
      run(dump, Map.of(), work.resolve("dump.log"));
      if (!Files.exists(made)) {
        throw failed("no archive was written", work.resolve("dump.log"));
      }
      Files.move(made, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(work);
    }
  }

  /**
   * A new folder beside a file, because what is made there can be renamed within its own file
   * system alone.
   *
   * @throws SetupException if there can be none
   */
  public static Path workFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new SetupException(folder + " is no folder");
    }
    try {
      return Files.createTempDirectory(folder, ".archive-");
    } catch (IOException e) {
      throw new SetupException(folder + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** A line is a class, or what the JVM makes for one, which names it after a word of its own. */
  private void thin(Path classes) throws IOException {
    List<String> kept;
    try (Stream<String> lines = Files.lines(classes)) {
      kept =
          lines
              .filter(
                  line ->
                      without.stream()
                          .noneMatch(
                              name -> line.startsWith(name) || line.contains("-proxy " + name)))
              .toList();
    }
    Files.write(classes, kept);
  }

  private void run(List<String> arguments, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(log.toFile()).redirectInput(Redirect.PIPE);
    Process process = builder.start();
    try {
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failed("it took longer than " + LONGEST.toMinutes() + " minutes", log);
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw failed("a process ended with status " + process.exitValue(), log);
    }
  }

  private static SetupException failed(String why, Path log) throws IOException {
    List<String> lines;
    try (Stream<String> all = Files.lines(log)) {
      lines = all.filter(line -> !NOISE.matcher(line).find()).toList();
    }
    return new SetupException(
        "the archive of classes was not made: "
            + why
            + "; it said last: "
            + String.join(
                " | ", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size())));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }
}

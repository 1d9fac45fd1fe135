package dev.acuse.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The release before this version, as its users have it: built from its own commit, which {@code
 * src/test/upgrade/previous-release} names, because a tag does not travel with every clone. It is
 * built once and kept under {@code target}.
 *
 * @param commit in full
 * @param jar the packaged program, absolute
 * @param config its own {@code config.yml}, absolute
 */
public record PreviousRelease(String commit, Path jar, Path config) {
  private static final Path NAMED = Path.of("src", "test", "upgrade", "previous-release");
  private static final Path KEPT = Path.of("target", "previous-release").toAbsolutePath();
  private static final long BUILD_MINUTES = 15;

  private record Ended(int status, String output) {}

  /**
   * The release, built now if it was not yet. Other JVMs wait for the one that builds.
   *
   * @throws org.opentest4j.TestAbortedException if this is a shallow clone without the commit, or
   *     no clone at all
   * @throws IllegalStateException if a full clone lacks the commit, or it cannot be built
   */
  public static synchronized PreviousRelease build() {
    try {
      return find(Files.readString(NAMED).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Another one that is to be compared with.
   *
   * @param commit in full
   */
  public static synchronized PreviousRelease build(String commit) {
    try {
      return find(commit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PreviousRelease find(String commit) throws IOException {
    if (!commit.matches("[0-9a-f]{40}")) {
      throw new IllegalStateException(NAMED + " must hold a commit in full, not: " + commit);
    }
    Path built = KEPT.resolve(commit);
    Files.createDirectories(KEPT);
    try (var file =
            FileChannel.open(
                KEPT.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = file.lock()) {
      if (lock.isValid() && !Files.exists(built)) {
        requireCommit(commit);
        make(commit, built);
      }
    }
    return new PreviousRelease(
        commit, built.resolve("target").resolve("acuse.jar"), built.resolve("config.yml"));
  }

  private static void requireCommit(String commit) throws IOException {
    Ended clone = git("rev-parse", "--is-shallow-repository");
    Assumptions.assumeTrue(
        clone.status() == 0,
        "the previous release cannot be built, because git does not take this folder for a clone: "
            + clone.output());
    if (git("cat-file", "-e", commit + "^{commit}").status() == 0) {
      return;
    }
    Assumptions.assumeFalse(
        clone.output().strip().equals("true"),
        "the previous release cannot be built: this shallow clone lacks its commit "
            + commit
            + " (git fetch --unshallow)");
    throw new IllegalStateException(NAMED + " names a commit that is not here: " + commit);
  }

  private static Ended git(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(KEPT, "git-", ".log");
    try {
      int status = run(Path.of("").toAbsolutePath(), output, command);
      return new Ended(status, Files.readString(output));
    } catch (IOException e) {
      return new Ended(-1, String.valueOf(e.getMessage()));
    } finally {
      Files.delete(output);
    }
  }

  /** What has the folder's name is whole. */
  private static void make(String commit, Path built) throws IOException {
    Path unfinished = KEPT.resolve("unfinished");
    delete(unfinished);
    Files.createDirectories(unfinished);
    Path archive = unfinished.resolve("source.tar");
    Path log = KEPT.resolve(commit + ".log");
    Files.deleteIfExists(log);
    must(List.of("git", "archive", "-o", archive.toString(), commit), Path.of(""), log);
    must(List.of("tar", "-xf", archive.toString()), unfinished, log);
    Files.delete(archive);
    must(maven(), unfinished, log);
    Files.move(unfinished, built, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The Maven that runs the tests, or else the one of the path. */
  private static List<String> maven() {
    String home = System.getProperty("maven.home", "");
    List<String> command = new ArrayList<>();
    command.add(home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString());
    String repository = System.getProperty("maven.repo.local", "");
    if (!repository.isEmpty()) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    if (System.getProperty("maven.offline", "").equals("offline=true")) {
      command.add("--offline");
    }
    command.addAll(
        List.of(
            "--batch-mode",
            "--quiet",
            "package",
            "-Dmaven.test.skip=true",
            "-Djacoco.skip=true",
            "-Dspotless.check.skip=true"));
    return command;
  }

  private static void must(List<String> command, Path folder, Path log) throws IOException {
    int status = run(folder.toAbsolutePath(), log, command);
    if (status != 0) {
      throw new IllegalStateException(
          "the previous release cannot be built: %s ended with %d, and says in %s:%n%s"
              .formatted(String.join(" ", command), status, log, end(log)));
    }
  }

  private static String end(Path log) throws IOException {
    String text = Files.readString(log, StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - 4_000));
  }

  private static int run(Path folder, Path output, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    try {
      if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            command.get(0) + " does not end within " + BUILD_MINUTES + " minutes, see " + output);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

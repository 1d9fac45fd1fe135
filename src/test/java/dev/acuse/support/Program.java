package dev.acuse.support;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The service's program as a test starts it. The build names the packaged jar; its classes come
 * from an archive, because loading and verifying them is a third of what a start costs. Without a
 * jar the program is what the tests themselves run with.
 */
final class Program {
  private static final String MAIN = "dev.acuse.AcuseApplication";
  private static final Path TARGET = Path.of("target");

  /** What follows the options of the JVM. */
  static final List<String> ARGUMENTS = arguments();

  private Program() {}

  private static List<String> arguments() {
    String jar = System.getProperty("acuse.jar", "");
    if (!Files.isRegularFile(Path.of(jar))) {
      return of(AcuseProcess.CLASS_PATH);
    }
    try {
      Path archive = archive(jar);
      // A warning that the archive does not fit would be taken for the program's own output.
      return Stream.concat(
              Stream.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable"), of(jar).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> of(String classPath) {
    return List.of("-cp", classPath, MAIN);
  }

  /** The archive fits this jar and this JVM alone. The first test that needs it makes it. */
  private static Path archive(String jar) throws IOException {
    long built = Files.getLastModifiedTime(Path.of(jar)).toMillis();
    Path archive = TARGET.resolve("classes-%s-%d.jsa".formatted(Runtime.version(), built));
    try (var file =
            FileChannel.open(
                TARGET.resolve("classes.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        var lock = file.lock()) {
      if (lock.isValid() && !Files.exists(archive)) {
        make(archive, jar);
      }
    }
    return archive.toAbsolutePath();
  }

  /** A service that has taken and listed a webhook. What it leaves out is read from the jar. */
  private static void make(Path archive, String jar) throws IOException {
    Path unfinished = archive.resolveSibling("unfinished.jsa");
    Files.deleteIfExists(unfinished);
    try (var database = TestDatabase.open(Engine.H2);
        var sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()))) {
      database.disconnect();
      Launch launch = Launch.shortLived().with("-XX:ArchiveClassesAtExit=" + unfinished);
      try (AcuseProcess process =
          AcuseProcess.start(launch, database, sandbox, Map.of(), of(jar))) {
        sandbox.notifier(process.url("/webhooks/mp")).send(sandbox.notifications().simulated());
        process.items("/api/webhook-events");
        process.terminate();
      }
    }
    // The JVM does without an archive that is not there.
    if (Files.exists(unfinished)) {
      Files.move(unfinished, archive);
    }
  }
}

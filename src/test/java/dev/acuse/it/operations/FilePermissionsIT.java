package dev.acuse.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.Engine;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may read what the service leaves on the disk, by a process of its own. */
class FilePermissionsIT {
  private final TestDatabase unused = TestDatabase.openEmpty(Engine.H2);
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));

  @TempDir private Path folder = Path.of("target");

  @AfterEach
  void close() {
    sandbox.close();
    unused.close();
  }

  @Test
  void whatTheServiceMakesIsForItsUserAlone() throws IOException {
    Path data = folder.resolve("new/data");
    try (AcuseProcess acuse = start(data, folder.resolve("new/logs"))) {
      acuse.post("/webhooks/mp", "{}");
      for (Path file : all(folder.resolve("new"))) {
        assertThat(mode(file))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
      assertThat(all(folder.resolve("new")))
          .extracting(file -> String.valueOf(file.getFileName()))
          .contains("acuse.mv.db", "lock", "instance", "webhook.log");
    }
  }

  @Test
  void whatAnOlderVersionLeftIsClosedAndWhatIsSharedStaysOpen() throws IOException {
    Path data = folder.resolve("shared");
    start(data, data).close();
    Files.createFile(data.resolve("acuse.lock.db"));
    Files.createFile(data.resolve("webhook-2026-01-01.log.gz"));
    Files.createFile(data.resolve("spool/000000000000000001.spool.rejected"));
    Files.createFile(data.resolve("spool/000000000000000001.spool.damaged"));
    List<Path> ours = all(data).stream().filter(Files::isRegularFile).toList();
    Path others = Files.createFile(data.resolve("others"));
    for (Path file : all(data)) {
      Files.setPosixFilePermissions(
          file,
          PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwxr-xr-x" : "rw-r--r--"));
    }

    try (AcuseProcess acuse = start(data, data)) {
      assertThat(ours).hasSizeGreaterThan(6);
      assertThat(ours)
          .allSatisfy(file -> assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------"));
      assertThat(mode(others)).isEqualTo("rw-r--r--");
      assertThat(mode(data)).isEqualTo("rwxr-xr-x");

      // As H2 does when something goes wrong: the process looks after it.
      Path trace = Files.createFile(data.resolve("acuse.trace.db.old"));
      Files.setPosixFilePermissions(trace, PosixFilePermissions.fromString("rw-r--r--"));
      await().until(() -> mode(trace).equals("rw-------"));
      assertThat(acuse.output()).doesNotContain("ERROR");
    }
  }

  private AcuseProcess start(Path data, Path logs) {
    Map<String, String> environment = new HashMap<>();
    environment.put(
        "DATABASE_URL",
        "jdbc:h2:file:"
            + data.resolve("acuse")
            + ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    environment.put("DATABASE_USER", "sa");
    environment.put("ACUSE_MIGRATE_ON_START", "true");
    environment.put("ACUSE_SPOOL_DIR", data.resolve("spool").toString());
    environment.put("LOG_DIR", logs.toString());
    return AcuseProcess.start(unused, sandbox, environment);
  }

  private static List<Path> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}

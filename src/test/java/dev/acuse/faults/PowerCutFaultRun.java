package dev.acuse.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.acuse.faults.Load.Sent;
import dev.acuse.sandbox.Sandbox;
import dev.acuse.sandbox.SandboxOptions;
import dev.acuse.support.AcuseProcess;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** F6: what was acknowledged is on the disk, not only in the memory of the kernel. For root. */
class PowerCutFaultRun {
  private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults(InstantSource.system()));
  private LoopDisk disk;

  @BeforeEach
  void makeDisk() {
    Assumptions.assumeTrue(FolderOnDisk.isPossible(), "only root can have a disk in a file");
    disk = LoopDisk.ofMegabytes(400);
  }

  @AfterEach
  void close() {
    if (disk != null) {
      disk.close();
    }
    sandbox.close();
  }

  @Test
  void h2HasWhatWasAcknowledged() throws Exception {
    Path folder = Files.createDirectory(disk.folder().resolve("h2"));
    try (TestDatabase database = TestDatabase.openH2In(folder)) {
      database.disconnect();
      Cut cut = cutUnderLoad(database, Map.of());

      String copy = database.url().replace(disk.folder().toString(), cut.folder().toString());
      assertThat(keys(copy, "sa")).containsAll(cut.acknowledged());
    }
  }

  @Test
  void postgresqlHasWhatWasAcknowledged() throws Exception {
    try (OwnPostgres postgres = OwnPostgres.start(disk.folder());
        TestDatabase database = TestDatabase.at(postgres.url())) {
      database.disconnect();
      Cut cut = cutUnderLoad(database, Map.of());

      postgres.stopAtOnce();
      try (OwnPostgres copy = postgres.startCopyIn(cut.folder())) {
        assertThat(keys(copy.url(), "postgres")).containsAll(cut.acknowledged());
      }
    }
  }

  @Test
  void theSpoolHasWhatWasAcknowledged() throws Exception {
    Path spool = disk.folder().resolve("spool");
    try (OwnPostgres postgres = OwnPostgres.start(Path.of(System.getProperty("java.io.tmpdir")));
        TestDatabase database = TestDatabase.at(postgres.url())) {
      database.disconnect();
      postgres.stopAtOnce();
      Cut cut = cutUnderLoad(database, Map.of("ACUSE_SPOOL_DIR", spool.toString()));

      postgres.startAgain();
      Path copy = cut.folder().resolve("spool");
      try (AcuseProcess after =
          AcuseProcess.startJar(database, sandbox, Map.of("ACUSE_SPOOL_DIR", copy.toString()))) {
        await()
            .atMost(60, TimeUnit.SECONDS)
            .untilAsserted(
                () -> assertThat(keys(postgres.url(), "postgres")).containsAll(cut.acknowledged()));
        after.terminate();
      }
    }
  }

  /**
   * @param acknowledged before the power was cut
   * @param folder the disk as it was then
   */
  private record Cut(Set<String> acknowledged, Path folder) {}

  private Cut cutUnderLoad(TestDatabase database, Map<String, String> settings) throws IOException {
    try (AcuseProcess acuse = AcuseProcess.startJar(database, sandbox, settings);
        Load load =
            Load.start(
                200,
                number -> sandbox.notifications().paymentUpdated(String.valueOf(1_000 + number)),
                () -> sandbox.notifier(acuse.url("/webhooks/mp"))::send)) {
      Stage.during(Duration.ofSeconds(4));
      Set<String> acknowledged = new HashSet<>(Stage.acknowledged(load.sent()));
      // Nothing is written while the file is copied, or the copy would be of no one moment.
      acuse.signal("STOP");
      Path notSynced = Files.writeString(disk.folder().resolve("not-synced"), "in memory only");
      Path folder = disk.cut();
      Path there = folder.resolve(notSynced.getFileName());
      assertThat(Files.exists(there) ? Files.size(there) : 0).as("the cut is one").isZero();
      acuse.signal("CONT");
      List<Sent> all = load.stop(Path.of("target", "faults", "power-cut.journal"));
      assertThat(acknowledged).hasSizeGreaterThan(100);
      assertThat(all).hasSizeGreaterThan(acknowledged.size());
      return new Cut(acknowledged, folder);
    }
  }

  private static Set<String> keys(String url, String user) throws SQLException {
    Set<String> keys = new HashSet<>();
    try (var connection = DriverManager.getConnection(url, user, "");
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT webhook_id FROM webhook_events")) {
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
    }
    return keys;
  }
}

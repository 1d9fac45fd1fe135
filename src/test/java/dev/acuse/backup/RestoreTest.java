package dev.acuse.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.acuse.database.Schema;
import dev.acuse.event.Arrival;
import dev.acuse.inbox.EventStore;
import dev.acuse.inbox.Restored;
import dev.acuse.intake.spool.Spool;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.journal.Journal;
import dev.acuse.support.Events;
import dev.acuse.support.ManualClock;
import dev.acuse.support.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
  private static final String URL = ";MODE=PostgreSQL;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

  @TempDir private Path temp;

  private final ManualClock clock = ManualClock.create();
  private Path file;

  /** An installation with a row, a webhook in the spool and one in the journal. */
  private void install(String name, String event) throws Exception {
    Path home = temp.resolve(name);
    Files.createDirectories(home);
    try (var database = TestDatabase.openH2In(home)) {
      new EventStore(database.jdbi(), clock, 4).append(Events.pending(event));
    }
    Instant now = clock.instant();
    var arrival = new Arrival(Events.pending(event + "-spooled"), now, now, null);
    try (var spool = Spool.open(home.resolve("spool"), 1 << 20, () -> {})) {
      spool.append(List.of(arrival));
      assertThat(spool.instance()).hasSize(36);
    }
    Journal journal = Journal.open(files(name).journal(), clock, () -> {});
    journal.begin(List.of(new Arrival(Events.pending(event), now, now, null))).await();
    journal.stop();
    PrivateFiles.replace(files(name).key(), ("key of " + name).getBytes(StandardCharsets.UTF_8));
    PrivateFiles.replace(
        files(name).settings(), ("settings of " + name).getBytes(StandardCharsets.UTF_8));
  }

  private H2Files files(String name) {
    return new H2Files(temp.resolve(name).resolve("acuse"));
  }

  private DataFolder folder(String name) {
    return DataFolder.of(files(name), temp.resolve(name).resolve("spool"));
  }

  private H2Access access(String name, String password) {
    return new H2Access("jdbc:h2:file:" + files(name).base() + URL, "sa", password, Map.of());
  }

  private Restore restore(String name, Runnable beforeEach) {
    return new Restore(folder(name), access(name, ""), clock, beforeEach);
  }

  private Restore restore(String name) {
    return new Restore(folder(name), access(name, ""), clock);
  }

  private List<String> events(String name) throws IOException {
    try (var database = TestDatabase.openH2In(temp.resolve(name))) {
      return database
          .jdbi()
          .withHandle(
              handle ->
                  handle
                      .createQuery("SELECT webhook_id FROM webhook_events ORDER BY id")
                      .mapTo(String.class)
                      .list());
    }
  }

  /** What is on the disk of an installation, but for what was moved aside. */
  private Map<String, Integer> content(String name) throws IOException {
    Path home = temp.resolve(name);
    Map<String, Integer> content = new TreeMap<>();
    if (!Files.exists(home)) {
      return content;
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path one : all.filter(Files::isRegularFile).toList()) {
        String path = home.relativize(one).toString();
        if (!path.contains("replaced-") && !path.endsWith("lock") && !path.contains(".trace.")) {
          content.put(path, Arrays.hashCode(Files.readAllBytes(one)));
        }
      }
    }
    return content;
  }

  @BeforeEach
  void backUp() throws Exception {
    install("old", "first");
    file = temp.resolve("backup.zip");
    var source = new ClosedSource(files("old"), access("old", ""));
    assertThat(new Backup(folder("old"), source, "1.0.0", clock).take(file))
        .contains("It holds the key of its secrets");
  }

  @Test
  void allThatThereWasIsThereAgainInAnotherPlace() throws Exception {
    Instant taken = clock.instant();
    clock.advance(Duration.ofHours(5));

    assertThat(restore("new").run(file, false)).contains(String.valueOf(taken), "1.0.0");

    assertThat(RestoreNote.read(files("new").restored()))
        .isEqualTo(new Restored(taken, clock.instant()));
    Map<String, Integer> restored = content("new");
    assertThat(restored.remove("acuse.restored.json")).isNotNull();
    assertThat(restored).isEqualTo(content("old"));
    assertThat(restored.keySet())
        .hasSize(6)
        .anyMatch(name -> name.startsWith("spool/") && name.endsWith(".spool"))
        .anyMatch(name -> name.endsWith(".journal"))
        .contains("acuse.mv.db", "acuse.key", "acuse.settings.sealed", "spool/instance");
    assertThat(events("new")).containsExactly("first");
    for (Path one : List.of(file, files("new").data(), files("new").key())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void whatIsThereIsMovedAsideAndOnlyIfThatWasAskedFor() throws Exception {
    install("new", "second");
    Map<String, Integer> before = content("new");

    assertThatThrownBy(() -> restore("new").run(file, false))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("is there already: with --replace");
    assertThat(content("new")).isEqualTo(before);

    assertThat(restore("new").run(file, true)).contains("what was there is kept in");
    assertThat(events("new")).containsExactly("first");
    assertThat(files("new").key()).hasContent("key of old");
    try (Stream<Path> all = Files.walk(temp.resolve("new"))) {
      assertThat(
              all.filter(one -> one.toString().contains("replaced-") && Files.isRegularFile(one)))
          .extracting(one -> one.getFileName().toString())
          .contains("acuse.mv.db", "acuse.key", "acuse.settings.sealed", "instance")
          .hasSizeGreaterThanOrEqualTo(before.size());
    }
  }

  /**
   * At whatever step it is cut off: either all is as it was, or the next start carries it through.
   */
  @Tag("slow")
  @Test
  void cutOffAtAnyStepItIsTheOldOneOrTheNewOne() throws Exception {
    int steps = 0;
    int carriedThrough = 0;
    boolean ended = false;
    install("template", "second");
    while (!ended) {
      String name = "cut" + steps;
      copy("template", name);
      Map<String, Integer> before = content(name);
      ended = isThrough(name, steps);
      boolean committed = Files.exists(files(name).restorePlan());

      Restore.finishCutOff(files(name));

      List<String> there = events(name);
      if (ended || committed) {
        carriedThrough += committed ? 1 : 0;
        assertThat(there).as("step %d", steps).containsExactly("first");
        assertThat(Files.exists(files(name).restoring())).isFalse();
        assertThat(RestoreNote.read(files(name).restored())).isNotNull();
        assertThat(content(name)).containsAllEntriesOf(spool("old"));
      } else {
        assertThat(there).as("step %d", steps).containsExactly("second");
        assertThat(content(name)).containsAllEntriesOf(only(before, "spool/"));
        assertThat(restore(name).run(file, true)).contains("is in place");
        assertThat(events(name)).containsExactly("first");
      }
      steps++;
    }
    assertThat(steps).isGreaterThan(15);
    assertThat(carriedThrough).isGreaterThan(8);
  }

  private void copy(String from, String to) throws IOException {
    try (Stream<Path> all = Files.walk(temp.resolve(from))) {
      for (Path one : all.toList()) {
        Files.copy(one, temp.resolve(to).resolve(temp.resolve(from).relativize(one)));
      }
    }
  }

  private Map<String, Integer> spool(String name) throws IOException {
    return only(content(name), "spool/");
  }

  private static Map<String, Integer> only(Map<String, Integer> all, String prefix) {
    Map<String, Integer> some = new TreeMap<>(all);
    some.keySet().removeIf(path -> !path.startsWith(prefix));
    assertThat(some).isNotEmpty();
    return some;
  }

  private boolean isThrough(String name, int steps) {
    int[] left = {steps};
    try {
      restore(
              name,
              () -> {
                if (left[0]-- == 0) {
                  throw new CutOff();
                }
              })
          .run(file, true);
      return true;
    } catch (CutOff e) {
      return false;
    }
  }

  private static final class CutOff extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatIsDamagedIsRefusedAndNothingIsTouched() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    Path damaged = temp.resolve("damaged.zip");
    for (int at : List.of(200, whole.length / 3, whole.length / 2)) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x10;
      Files.write(damaged, bytes);
      assertThatThrownBy(() -> restore("new").run(damaged, false))
          .as("byte %d", at)
          .isInstanceOf(SetupException.class)
          .hasMessageContaining("damaged.zip");
    }
    Files.write(damaged, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> restore("new").run(damaged, false))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("is no whole backup of Acuse");
    assertThat(files("new").data()).doesNotExist();
  }

  @Test
  void aManifestThatLiesIsRefused() throws Exception {
    for (UnaryOperator<String> lie :
        List.<UnaryOperator<String>>of(
            json -> json.replaceFirst("\"sha256\" : \"..", "\"sha256\" : \"zz"),
            json -> json.replace("database.mv.db", "../database.mv.db"),
            json -> json.replaceFirst("\"bytes\" : \\d+", "\"bytes\" : 1"),
            json -> json.replaceFirst("\"format\" : 1", "\"format\" : 2"),
            json -> json.replaceFirst("\"takenAt\"", "\"taken\""),
            json -> "{}")) {
      Path other = rewritten(lie);
      assertThatThrownBy(() -> restore("new").run(other, false))
          .isInstanceOf(SetupException.class)
          .hasMessageContaining("rewritten.zip");
    }
    assertThat(files("new").data()).doesNotExist();
  }

  @Test
  void aBackupOfANewerSchemaIsRefusedAndNamesIt() throws Exception {
    Path newer = rewritten(json -> json.replaceFirst("\"schema\" : \\d+", "\"schema\" : 9999"));

    assertThatThrownBy(() -> restore("new").run(newer, false))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("schema is 9999")
        .hasMessageContaining("up to %04d".formatted(Schema.known()));
  }

  @Test
  void aBackupThatTheConfiguredPasswordDoesNotOpenIsRefused() {
    assertThatThrownBy(
            () -> new Restore(folder("new"), access("new", "other"), clock).run(file, false))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("another user or password");
    assertThat(files("new").data()).doesNotExist();
  }

  @Test
  void whileAProcessUsesTheSpoolOrTheFileItIsRefused() throws Exception {
    install("new", "second");
    try (var spool = Spool.open(temp.resolve("new").resolve("spool"), 1 << 20, () -> {})) {
      assertThat(spool.state().records()).isEqualTo(1);
      assertThatThrownBy(() -> restore("new").run(file, true))
          .hasMessageContaining("stop it first");
    }
    try (var database = TestDatabase.openH2In(temp.resolve("new"))) {
      assertThat(database.count("webhook_events")).isEqualTo(1);
      assertThatThrownBy(() -> restore("new").run(file, true))
          .hasMessageContaining("stop it first");
    }
  }

  @Test
  void noBackupIsOverwrittenAndNoneIsMadeOfNothing() throws Exception {
    byte[] before = Files.readAllBytes(file);
    var backup =
        new Backup(
            folder("old"), new ClosedSource(files("old"), access("old", "")), "1.0.0", clock);

    assertThatThrownBy(() -> backup.take(file)).hasMessageContaining("is not overwritten");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThatThrownBy(() -> backup.take(temp.resolve("no/such/backup.zip")))
        .hasMessageContaining("is no folder that the service may write into");
    var nothing =
        new Backup(folder("no"), new ClosedSource(files("no"), access("no", "")), "1.0.0", clock);
    assertThatThrownBy(() -> nothing.take(temp.resolve("other.zip")))
        .hasMessageContaining("there is nothing to back up");
    assertThat(temp.resolve("other.zip")).doesNotExist();
  }

  /** The same backup with another manifest. */
  private Path rewritten(UnaryOperator<String> manifest) throws IOException {
    Path other = temp.resolve("rewritten.zip");
    try (var whole = new ZipFile(file.toFile());
        var out = new ZipOutputStream(Files.newOutputStream(other))) {
      for (ZipEntry entry : Collections.list(whole.entries())) {
        byte[] content = whole.getInputStream(entry).readAllBytes();
        out.putNextEntry(new ZipEntry(entry.getName()));
        if (entry.getName().equals(Manifest.NAME)) {
          String json = new String(content, StandardCharsets.UTF_8);
          String lie = manifest.apply(json);
          assertThat(lie).isNotEqualTo(json);
          content = lie.getBytes(StandardCharsets.UTF_8);
        }
        out.write(content);
        out.closeEntry();
      }
    }
    return other;
  }
}

package dev.acuse.backup;

import dev.acuse.backup.Manifest.Entry;
import dev.acuse.backup.RestorePlan.Move;
import dev.acuse.database.DatabaseTrouble;
import dev.acuse.database.Schema;
import dev.acuse.inbox.Restored;
import dev.acuse.intake.spool.Spool;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.process.WritableFiles;
import dev.acuse.recovery.H2Access;
import dev.acuse.recovery.H2Files;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Puts a backup in the place of an installation. It is unpacked beside and checked first; what is
 * there is moved aside, never deleted. If this is killed, either nothing has changed, or the next
 * start carries it through.
 */
public final class Restore {
  private static final String ASIDE = "replaced-";
  private static final String READY = ".restoring";

  private final DataFolder folder;
  private final H2Access access;
  private final InstantSource clock;
  private final Runnable beforeEach;

  /**
   * @param access to the H2 file, by which the restored one must open
   */
  public Restore(DataFolder folder, H2Access access, InstantSource clock) {
    this(folder, access, clock, () -> {});
  }

  /**
   * @param beforeEach called before each step that changes something on the disk
   */
  Restore(DataFolder folder, H2Access access, InstantSource clock, Runnable beforeEach) {
    this.folder = folder;
    this.access = access;
    this.clock = clock;
    this.beforeEach = beforeEach;
  }

  /**
   * Carries through a restore that was cut off, before anything of the installation is opened.
   *
   * @throws SetupException if that fails
   */
  public static void finishCutOff(H2Files files) {
    RestorePlan.finish(files, () -> {});
  }

  /**
   * Restores one.
   *
   * @param replaces whether what is there may be moved aside
   * @return what was done, as a line
   * @throws SetupException if it is refused; nothing has changed then
   */
  public String run(Path file, boolean replaces) {
    try {
      refuseWhileInUse();
      RestorePlan.finish(folder.files(), beforeEach);
      try (BackupFile backup = BackupFile.open(file)) {
        Manifest manifest = backup.manifest();
        refuseNewer(manifest);
        Instant now = clock.instant();
        List<Path> present = present();
        if (!present.isEmpty() && !replaces) {
          throw new SetupException(
              present.get(0)
                  + " is there already: with --replace what is there is moved aside, and the backup"
                  + " takes its place");
        }
        refuseWithoutRoom(manifest);
        RestorePlan plan = layReady(backup, present, now);
        refuseWhileInUse();
        beforeEach.run();
        plan.commit(folder.files());
        RestorePlan.finish(folder.files(), beforeEach);
        return ("The backup of %s (version %s, schema %04d, %d files) is in place%s. Start the"
                + " service: reconciliation fetches what has changed since.")
            .formatted(
                manifest.takenAt(),
                manifest.version(),
                manifest.schema(),
                manifest.files().size(),
                present.isEmpty() ? "" : "; what was there is kept in " + asideOf(base(), now));
      }
    } catch (IOException e) {
      throw new SetupException(
          "the backup cannot be restored: " + WritableFiles.reason(e) + " (" + e + ")", e);
    }
  }

  private Path base() {
    return Objects.requireNonNull(folder.files().data().getParent(), "a file is in a folder");
  }

  private static Path asideOf(Path place, Instant now) {
    String time = now.truncatedTo(ChronoUnit.MILLIS).toString().replaceAll("[-:]", "");
    return place.resolve(ASIDE + time);
  }

  private void refuseWhileInUse() throws IOException {
    boolean spool = false;
    for (DataFolder.Part part : folder.parts()) {
      spool |= Spool.isInUse(part.folder());
    }
    if (spool || isOpen(folder.files().data())) {
      throw new SetupException(
          "a service or a command uses this installation ("
              + folder.files().data()
              + " or its spool): stop it first");
    }
  }

  private static boolean isOpen(Path data) throws IOException {
    if (!Files.exists(data)) {
      return false;
    }
    try (FileChannel file =
            FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock held = file.tryLock()) {
      return held == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static void refuseNewer(Manifest manifest) {
    if (manifest.schema() > Schema.known()) {
      throw new SetupException(
          ("the backup is of version %s, whose schema is %04d, and this version knows the schema up"
                  + " to %04d: restore it by that version or a newer one")
              .formatted(manifest.version(), manifest.schema(), Schema.known()));
    }
  }

  /** What there is of an installation, the H2 file first. */
  private List<Path> present() throws IOException {
    List<Path> all = new ArrayList<>();
    if (Files.exists(folder.files().data())) {
      all.add(folder.files().data());
    }
    all.addAll(folder.presentSingle().values());
    for (DataFolder.Part part : folder.parts()) {
      all.addAll(part.present());
    }
    return all;
  }

  private void refuseWithoutRoom(Manifest manifest) throws IOException {
    PrivateFiles.makeFolder(base());
    long bytes = manifest.files().stream().mapToLong(Entry::bytes).sum();
    long free = Files.getFileStore(base()).getUsableSpace();
    if (free < bytes) {
      throw new SetupException(
          "%s has %d MiB free, and the backup needs %d MiB beside what is there"
              .formatted(base(), free >> 20, (bytes >> 20) + 1));
    }
  }

  /** Unpacks and checks everything, each on the disk where it goes. */
  private RestorePlan layReady(BackupFile backup, List<Path> present, Instant now)
      throws IOException {
    List<Move> aside = new ArrayList<>();
    for (Path file : present) {
      Path place = Objects.requireNonNull(file.getParent(), "a file is in a folder");
      aside.add(Move.of(file, asideOf(place, now).resolve(file.getFileName())));
    }
    for (Path file : besides()) {
      aside.add(Move.of(file, asideOf(base(), now).resolve(file.getFileName())));
    }
    Map<String, Path> places = new TreeMap<>();
    places.put("", base());
    folder.parts().forEach(part -> places.put(part.name(), part.folder()));
    for (Path place : places.values()) {
      beforeEach.run();
      RestorePlan.delete(ready(place));
      PrivateFiles.makeFolder(place);
      PrivateFiles.makeFolder(ready(place));
    }
    List<Move> place = new ArrayList<>();
    for (Entry entry : backup.manifest().files()) {
      beforeEach.run();
      Path to = place(entry.name());
      Path laid = ready(Objects.requireNonNull(to.getParent())).resolve(to.getFileName());
      backup.unpack(entry, laid);
      place.add(Move.of(laid, to));
    }
    open(ready(base()).resolve(folder.files().data().getFileName()));
    Path note = ready(base()).resolve(folder.files().restored().getFileName());
    write(note, RestoreNote.encode(new Restored(backup.manifest().takenAt(), now)));
    place.add(Move.of(note, folder.files().restored()));
    for (Path each : places.values()) {
      SpoolSegment.syncFolder(ready(each));
    }
    return new RestorePlan(
        aside, place, places.values().stream().map(one -> ready(one).toString()).toList());
  }

  private Path ready(Path place) {
    return place.equals(base()) ? folder.files().restoring() : place.resolve(READY);
  }

  /** What speaks of the present H2 file: marks, notes and what is made of it. */
  private List<Path> besides() throws IOException {
    String prefix = folder.files().base().getFileName() + ".";
    String kept = prefix + "broken-";
    try (Stream<Path> all = Files.list(base())) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.equals(folder.files().data()))
          .filter(file -> !folder.single().containsValue(file))
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> !file.getFileName().toString().startsWith(kept))
          .sorted()
          .toList();
    }
  }

  private Path place(String name) {
    if (name.equals(DataFolder.DATABASE)) {
      return folder.files().data();
    }
    Path single = folder.single().get(name);
    if (single != null) {
      return single;
    }
    int slash = name.indexOf('/');
    String file = name.substring(slash + 1);
    for (DataFolder.Part part : folder.parts()) {
      if (slash > 0
          && part.name().equals(name.substring(0, slash))
          && file.indexOf('/') < 0
          && part.takes().test(file)) {
        return part.folder().resolve(file);
      }
    }
    throw new SetupException(
        "the backup holds " + name + ", which this version does not know: restore it by a newer");
  }

  /** The service will open it by the same name, password and settings. */
  private void open(Path data) {
    String name = data.getFileName().toString();
    Path base = data.resolveSibling(name.substring(0, name.length() - ".mv.db".length()));
    try (Connection connection = access.openToRead(base)) {
      if (Schema.ran(connection) == 0) {
        throw new SetupException("the backup's database holds no schema of Acuse");
      }
    } catch (SQLException e) {
      throw new SetupException(
          DatabaseTrouble.isWrongLogin(e)
              ? "the backup's database has another user or password than database.user and"
                  + " database.password (DATABASE_USER, DATABASE_PASSWORD) name"
              : "the backup's database does not open: " + e.getMessage(),
          e);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        PrivateFiles.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}

package dev.acuse.backup;

import dev.acuse.intake.SpoolDrainer;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.process.WritableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup. The moment that it is of is when the copy of the H2 file begins: the spool is
 * held from before that until it is copied, so that whatever was acknowledged by then is in one of
 * the two; the journal comes last, because a start puts back from it what the H2 file lacks.
 */
public final class Backup {
  private static final int MIB = 1 << 20;

  private final DataFolder folder;
  private final Source source;
  private final String version;
  private final InstantSource clock;

  /** The H2 file, by whatever has it open. */
  public interface Source {
    /** Holds the spool as it is until it is closed. */
    SpoolDrainer.Hold holdSpool();

    /**
     * Copies the H2 file as one entry.
     *
     * @return the number of the latest change set of its schema
     */
    int copyTo(ZipOutputStream out) throws IOException;
  }

  /**
   * @param version of Acuse
   */
  public Backup(DataFolder folder, Source source, String version, InstantSource clock) {
    this.folder = folder;
    this.source = source;
    this.version = version;
    this.clock = clock;
  }

  /**
   * Writes one.
   *
   * @param file absolute; none may be there
   * @return what it holds, as a line
   * @throws SetupException if it cannot be made, with a line that says why
   */
  public String take(Path file) {
    try {
      if (!Files.exists(folder.files().data())) {
        throw new SetupException(
            "there is no H2 file " + folder.files().data() + ": there is nothing to back up");
      }
      if (usualFolder(folder).equals(file.getParent())) {
        PrivateFiles.makeFolder(usualFolder(folder));
      }
      var target = new NewFile(file, folder.bytes());
      Manifest[] written = new Manifest[1];
      target.write(
          out -> {
            var zip = new CheckedZip(out);
            written[0] = write(zip);
            zip.finish();
          });
      return "%s holds the inbox as it was at %s: %d files, %d MiB unpacked, schema %04d%s"
          .formatted(
              file,
              written[0].takenAt(),
              written[0].files().size(),
              written[0].files().stream().mapToLong(Manifest.Entry::bytes).sum() / MIB,
              written[0].schema(),
              written[0].names(DataFolder.KEY)
                  ? ". It holds the key of its secrets: keep it as safe as them"
                  : "");
    } catch (IOException e) {
      throw new SetupException(file + " cannot be written: " + WritableFiles.reason(e), e);
    }
  }

  private Manifest write(CheckedZip zip) throws IOException {
    SpoolDrainer.Hold held = source.holdSpool();
    Instant takenAt;
    int schema;
    try {
      takenAt = clock.instant();
      zip.callNext(DataFolder.DATABASE);
      schema = source.copyTo(zip);
      // After it: a key is there before a secret that it has sealed.
      for (Map.Entry<String, Path> file : folder.presentSingle().entrySet()) {
        copy(zip, file.getKey(), file.getValue());
      }
      for (DataFolder.Part part : folder.parts()) {
        for (Path file : part.present()) {
          copy(zip, part.name() + "/" + file.getFileName(), file);
        }
      }
    } finally {
      held.close();
    }
    var manifest = new Manifest(Manifest.FORMAT, version, schema, takenAt, zip.entries());
    zip.putNextEntry(new ZipEntry(Manifest.NAME));
    zip.write(manifest.encode());
    zip.closeEntry();
    return manifest;
  }

  /** One that goes meanwhile was of no more use: an old file of the journal. */
  private static void copy(CheckedZip zip, String name, Path file) throws IOException {
    try (var content = Files.newInputStream(file)) {
      zip.putNextEntry(new ZipEntry(name));
      content.transferTo(zip);
      zip.closeEntry();
    } catch (NoSuchFileException e) {
      // It went between the listing and now.
    }
  }

  /**
   * Where one goes that is asked for without a file: {@code backups/acuse-20260302T140509Z.zip}
   * beside the H2 file.
   */
  public static Path usualFile(DataFolder folder, Instant now) {
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:]", "");
    return usualFolder(folder).resolve("acuse-" + time + ".zip");
  }

  private static Path usualFolder(DataFolder folder) {
    return folder.files().data().resolveSibling("backups");
  }
}

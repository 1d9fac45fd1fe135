package dev.acuse.backup;

import dev.acuse.intake.spool.Spool;
import dev.acuse.recovery.H2Files;
import dev.acuse.recovery.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The one list of what an installation keeps on its disk, which a backup takes and a restore puts
 * back: the H2 file, and the parts beside it. A new kind of file that must not be lost becomes a
 * part here.
 *
 * @param files of the H2 database
 * @param parts besides the H2 file, in the order in which they are copied: after it
 * @param single files beside the H2 file, of which each may be missing; by their names in a backup
 */
public record DataFolder(H2Files files, List<Part> parts, Map<String, Path> single) {
  /** The H2 file's name in a backup, whatever it is called in an installation. */
  static final String DATABASE = "database.mv.db";

  /** That of the keys that seal secrets. */
  static final String KEY = "database.key";

  /** That of the accounts as they were last read, sealed. */
  static final String SETTINGS = "database.settings.sealed";

  /**
   * Files of one kind.
   *
   * @param name of the part in a backup
   * @param folder where they are; may be missing
   * @param takes tells by its name whether a file is one of them
   */
  public record Part(String name, Path folder, Predicate<String> takes) {
    /** Those that are there, by name. */
    List<Path> present() throws IOException {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> all = Files.list(folder)) {
        return all.filter(Files::isRegularFile)
            .filter(file -> takes.test(file.getFileName().toString()))
            .sorted()
            .toList();
      }
    }
  }

  /**
   * Of an installation.
   *
   * @param spool its folder, which may be missing
   */
  public static DataFolder of(H2Files files, Path spool) {
    return new DataFolder(
        files,
        List.of(
            new Part("spool", spool, Spool::isContent),
            new Part("journal", files.journal(), JournalFolder::isSegment)),
        Map.of(KEY, files.key(), SETTINGS, files.settings()));
  }

  /** The single files that are there, by their names in a backup. */
  Map<String, Path> presentSingle() {
    Map<String, Path> present = new TreeMap<>(single);
    present.values().removeIf(file -> !Files.isRegularFile(file));
    return present;
  }

  /** How much there is to copy now, in bytes. */
  long bytes() throws IOException {
    long bytes = Files.exists(files.data()) ? Files.size(files.data()) : 0;
    for (Path file : presentSingle().values()) {
      bytes += Files.size(file);
    }
    for (Part part : parts) {
      for (Path file : part.present()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}

package dev.acuse.recovery.journal;

import dev.acuse.intake.spool.SpoolSegment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a journal. A name says which file it is and when it was begun, so that a file may go
 * once the next was begun long enough ago: what it holds is older.
 */
public final class JournalFolder {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})-(\\d{1,18})\\.journal");

  /**
   * One file.
   *
   * @param number larger than that of every earlier file
   * @param begunAt no record in it is older
   */
  public record Segment(Path path, long number, Instant begunAt) {}

  private final Path folder;

  JournalFolder(Path folder) {
    this.folder = folder;
  }

  /** Where they are. */
  Path path() {
    return folder;
  }

  /** The files there are, the oldest first; none if there is no folder. */
  List<Segment> segments() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(JournalFolder::segment)
          .flatMap(Optional::stream)
          .sorted((one, other) -> Long.compare(one.number(), other.number()))
          .toList();
    }
  }

  /** Whether a file of this name is one of a journal's. */
  public static boolean isSegment(String name) {
    return NAME.matcher(name).matches();
  }

  private static Optional<Segment> segment(Path path) {
    Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
    return name.matches()
        ? Optional.of(
            new Segment(
                path,
                Long.parseLong(name.group(1)),
                Instant.ofEpochMilli(Long.parseLong(name.group(2)))))
        : Optional.empty();
  }

  /** Makes the folder, if it is not there; only its owner may look into it. */
  void create() throws IOException {
    Files.createDirectories(folder, owners("rwx------"));
  }

  /** Begins a file, durably, for its owner only. */
  FileChannel begin(Segment segment) throws IOException {
    FileChannel file =
        FileChannel.open(
            segment.path(),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            owners("rw-------"));
    SpoolSegment.syncFolder(folder);
    return file;
  }

  /** What the file that follows a number would be. */
  public Segment next(long number, Instant now) {
    String name = "%018d-%d.journal".formatted(number + 1, now.toEpochMilli());
    return new Segment(folder.resolve(name), number + 1, now);
  }

  /** Deletes every file that holds nothing younger. */
  void deleteBefore(Instant cutOff) throws IOException {
    List<Segment> all = segments();
    for (int i = 0; i + 1 < all.size() && all.get(i + 1).begunAt().isBefore(cutOff); i++) {
      Files.delete(all.get(i).path());
    }
  }

  private static FileAttribute<?>[] owners(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}

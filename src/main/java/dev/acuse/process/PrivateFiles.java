package dev.acuse.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and folders that are nobody's but this process's user's: webhooks and logs hold names,
 * addresses and amounts. Where a file system knows no such permissions, nothing is changed and
 * nothing fails.
 */
public final class PrivateFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(PrivateFiles.class);

  private static final Set<PosixFilePermission> OF_A_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OF_A_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  /** Those of the defaults are Acuse's alone, also where an older version has made them. */
  private static final Set<Path> OWN_FOLDERS =
      Set.of(absolute(Path.of("data")), absolute(Path.of("data/spool")), absolute(Path.of("logs")));

  private PrivateFiles() {}

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /**
   * Makes a folder, and those above it that are missing, private. One that is there already stays
   * as it is, because others may use it too; but not those of the default configuration.
   *
   * @throws IOException if it is no folder and cannot be made one
   */
  public static void makeFolder(Path folder) throws IOException {
    Path whole = absolute(folder);
    try {
      Files.createDirectories(whole, attributes(whole, OF_A_FOLDER));
    } catch (UnsupportedOperationException e) {
      Files.createDirectories(whole);
    }
    if (OWN_FOLDERS.contains(whole)) {
      restrict(whole, OF_A_FOLDER);
    }
  }

  /**
   * Opens a file; one that is made by that is private from its first moment.
   *
   * @throws IOException as {@link FileChannel#open(Path, OpenOption...)}
   */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    try {
      return FileChannel.open(file, Set.of(options), attributes(file, OF_A_FILE));
    } catch (UnsupportedOperationException e) {
      return FileChannel.open(file, options);
    }
  }

  /**
   * Writes a private file, in the place of one that may be there, and makes that survive a power
   * cut: whatever ends the process meanwhile, the file has the old content or the new. Its folder
   * is made if it is missing. Of two processes only one may write the same file.
   *
   * @throws IOException if that fails; the file is as it was then
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path whole = absolute(file);
    Path folder = whole.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    makeFolder(folder);
    Path unfinished = folder.resolve(whole.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel =
        open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Makes an empty private file and its folder, for a library to fill that would make it readable;
   * does nothing if it is there. That it fails is left to the library to find, and to say.
   */
  public static void prepare(Path file) {
    try {
      Path folder = absolute(file).getParent();
      if (folder != null) {
        makeFolder(folder);
      }
      Path unused = Files.createFile(file, attributes(file, OF_A_FILE));
    } catch (FileAlreadyExistsException e) {
      restrict(file);
    } catch (IOException | UnsupportedOperationException e) {
      LOGGER.debug("{} was not made beforehand", file, e);
    }
  }

  /**
   * Takes away from others what they may do with a file; not through a link, and not if it is no
   * plain file. One that is missing, or somebody else's, is left.
   */
  public static void restrict(Path file) {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      restrict(file, OF_A_FILE);
    }
  }

  /** Each of them as by {@link #restrict(Path)}. */
  public static void restrictAll(Collection<Path> files) {
    files.forEach(PrivateFiles::restrict);
  }

  private static void restrict(Path path, Set<PosixFilePermission> most) {
    var view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null || Files.isSymbolicLink(path)) {
      return;
    }
    try {
      Set<PosixFilePermission> present = view.readAttributes().permissions();
      if (!most.containsAll(present)) {
        EnumSet<PosixFilePermission> left = EnumSet.copyOf(most);
        left.retainAll(present);
        Files.setPosixFilePermissions(path, left);
      }
    } catch (IOException | UnsupportedOperationException e) {
      LOGGER.debug("the permissions of {} stay as they are", path, e);
    }
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }
}

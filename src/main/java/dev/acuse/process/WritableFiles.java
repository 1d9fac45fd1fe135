package dev.acuse.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Files that a library writes, tried before the library is: what it prints when it can't is long,
 * and names no key.
 */
public final class WritableFiles {
  private WritableFiles() {}

  /**
   * Makes the folder if it is missing, and sees whether this process may write there and, if it is
   * there, the file.
   *
   * @param key that names the file in the configuration, with its variable
   * @throws SetupException if it may not
   */
  public static void check(String key, Path file) {
    Path whole = file.toAbsolutePath().normalize();
    Path folder = whole.getParent() == null ? whole : whole.getParent();
    try {
      PrivateFiles.makeFolder(folder);
      checkFolder(folder);
      if (Files.isDirectory(whole)) {
        throw new IOException("it is a folder");
      }
      if (Files.exists(whole)) {
        try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
          channel.position();
        }
      }
    } catch (IOException e) {
      throw new SetupException(
          key
              + ": "
              + whole
              + " cannot be written ("
              + reason(e)
              + "); name another place, or let this process's user write there",
          e);
    }
  }

  private static void checkFolder(Path folder) throws IOException {
    Path unused = Files.createTempFile(folder, ".acuse-", ".tmp");
    Files.delete(unused);
  }

  /** What a file system says, without its name: most of its failures hold nothing else. */
  public static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is no folder";
    }
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + " is missing";
    }
    return failure instanceof java.nio.file.FileSystemException system && system.getReason() != null
        ? system.getReason()
        : String.valueOf(failure.getMessage());
  }
}

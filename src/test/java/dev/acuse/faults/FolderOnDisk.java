package dev.acuse.faults;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder on a disk of its own, so small that it can be filled; only root can have one. */
final class FolderOnDisk implements AutoCloseable {
  private static final byte[] MEGABYTE = new byte[1 << 20];

  private final Path folder;

  private FolderOnDisk(Path folder) {
    this.folder = folder;
  }

  static boolean isPossible() {
    return "root".equals(System.getProperty("user.name"));
  }

  static FolderOnDisk ofMegabytes(int size) {
    try {
      Path folder = Files.createTempDirectory("acuse-faults-disk-");
      run("mount", "-t", "tmpfs", "-o", "size=" + size + "m", "tmpfs", folder.toString());
      return new FolderOnDisk(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Leaves not a byte. */
  void fill() {
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(MEGABYTE);
      }
    } catch (IOException full) {
      fillTheRest();
    }
  }

  private void fillTheRest() {
    try (OutputStream rest = Files.newOutputStream(folder.resolve("rest"))) {
      while (true) {
        rest.write(MEGABYTE, 0, 4096);
      }
    } catch (IOException full) {
      // What was to be reached.
      return;
    }
  }

  /** Gives back what {@link #fill} took. */
  void free() {
    try {
      Files.deleteIfExists(filler());
      Files.deleteIfExists(folder.resolve("rest"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  /** What the files of a folder take that is being written to. */
  static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) throws IOException {
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException(command[0] + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      run("umount", folder.toString());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.acuse.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in a file, as a folder. A copy of the file holds what had reached the disk when it was
 * made, and not what the kernel still had in memory: as after a power cut. Only root can have one.
 */
final class LoopDisk implements AutoCloseable {
  private final Path work;
  private final Path image;
  private final List<Path> mounted = new ArrayList<>();

  private LoopDisk(Path work) {
    this.work = work;
    this.image = work.resolve("disk.img");
  }

  static LoopDisk ofMegabytes(int size) {
    try {
      var disk = new LoopDisk(Files.createTempDirectory("acuse-faults-loop-"));
      run("truncate", "-s", size + "M", disk.image.toString());
      run("mkfs.ext4", "-q", disk.image.toString());
      disk.mount(disk.image, "disk");
      return disk;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the disk is mounted. */
  Path folder() {
    return mounted.get(0);
  }

  /** The power is cut: what was on the disk at this moment, as a folder of its own. */
  Path cut() {
    try {
      Path copy = work.resolve("cut-" + mounted.size() + ".img");
      run("cp", image.toString(), copy.toString());
      return mount(copy, "cut-" + mounted.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path mount(Path file, String name) throws IOException {
    Path folder = Files.createDirectory(work.resolve(name));
    run("mount", "-o", "loop", file.toString(), folder.toString());
    mounted.add(folder);
    return folder;
  }

  private static void run(String... command) throws IOException {
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      for (Path folder : mounted) {
        run("umount", folder.toString());
      }
      FolderOnDisk.delete(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

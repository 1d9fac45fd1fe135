package dev.acuse.backup;

import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import dev.acuse.process.WritableFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A private file that has its name only when it is whole and synced, and never takes the place of
 * another. What a process that was killed left of one is under another name, and the next one of
 * this name begins anew.
 */
final class NewFile {
  /** So much of a disk is left to whatever else writes on it, in bytes. */
  private static final long LEFT_FREE = 64L << 20;

  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Path folder;

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @param file absolute
   * @throws SetupException if it is there, or its folder cannot take it
   */
  NewFile(Path file, long bytes) {
    this.file = file;
    Path parent = file.getParent();
    if (parent == null) {
      throw new SetupException(file + " names no file");
    }
    this.folder = parent;
    check(bytes);
  }

  private void check(long bytes) {
    if (Files.exists(file)) {
      throw new SetupException(file + " is there already, and is not overwritten: name another");
    }
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new SetupException(
          folder + " is no folder that the service may write into: make it, or name another");
    }
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      if (free < bytes + LEFT_FREE) {
        throw new SetupException(
            "%s has %d MiB free, and up to %d MiB may be needed: name a folder on another disk"
                .formatted(folder, free >> 20, (bytes + LEFT_FREE) >> 20));
      }
    } catch (IOException e) {
      throw new SetupException(
          "the disk of " + folder + " cannot be asked: " + WritableFiles.reason(e), e);
    }
  }

  void write(Content content) throws IOException {
    Path unfinished = folder.resolve("." + file.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try {
      try (FileChannel channel =
          PrivateFiles.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      name(unfinished);
      SpoolSegment.syncFolder(folder);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** A link refuses a name that is taken, which no rename does. */
  private void name(Path unfinished) throws IOException {
    try {
      Path unused = Files.createLink(file, unfinished);
    } catch (FileAlreadyExistsException e) {
      throw new SetupException(file + " is there already, and is not overwritten: name another", e);
    } catch (UnsupportedOperationException | IOException e) {
      // A file system without links.
      Files.move(unfinished, file);
    }
  }
}

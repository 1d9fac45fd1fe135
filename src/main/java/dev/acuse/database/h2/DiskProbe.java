package dev.acuse.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a disk takes writes, found out by writing. */
public final class DiskProbe {
  private static final Logger LOGGER = LoggerFactory.getLogger(DiskProbe.class);

  /** As much as a database needs to be opened and to take a few groups of webhooks. */
  private static final int BYTES = 1 << 20;

  private final Path file;

  /**
   * @param folder on the disk; a small file is written there and deleted
   */
  public DiskProbe(Path folder) {
    this.file = folder.resolve("acuse.room");
  }

  /** Whether the disk takes a write now. */
  public boolean takesWrites() {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.allocate(BYTES);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return true;
    } catch (IOException e) {
      LOGGER.debug("no room yet", e);
      return false;
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOGGER.debug("a file for trial is left", e);
    }
  }
}

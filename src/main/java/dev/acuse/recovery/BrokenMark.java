package dev.acuse.recovery;

import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside the H2 file that says: this one is broken, though it may open. So the next process
 * makes a new one of it. Thread-safe.
 */
public final class BrokenMark {
  private static final Logger LOGGER = LoggerFactory.getLogger(BrokenMark.class);

  private final Path file;
  private final Runnable onBroken;
  private final AtomicBoolean noted = new AtomicBoolean();
  private volatile boolean keyFits;

  /**
   * @param onBroken told once: this process is to end; must not block
   */
  public BrokenMark(H2Files files, Runnable onBroken) {
    this.file = files.mark();
    this.onBroken = onBroken;
  }

  /** From now on a wrong key is a broken file: the key has opened it. */
  public void keyFits() {
    keyFits = true;
  }

  /**
   * Looks whether a failure says that the file is broken, and if so leaves the mark.
   *
   * @return whether it does
   */
  public boolean note(Throwable failure) {
    return note(
        failure,
        keyFits ? H2Corruption.isCauseThoughKeyFits(failure) : H2Corruption.isCauseOf(failure));
  }

  /** As {@link #note}, of a failure that has ended the start. */
  public boolean noteAtStart(Throwable failure) {
    return note(
        failure, keyFits ? H2Corruption.isCauseAtStart(failure) : H2Corruption.isCauseOf(failure));
  }

  private boolean note(Throwable failure, boolean isBroken) {
    if (!isBroken) {
      return false;
    }
    if (noted.compareAndSet(false, true)) {
      LOGGER.error(
          "the H2 file is broken: this process ends with status 1, and the next one makes a new"
              + " file of what can be read and of the journal",
          failure);
      try {
        leave(file);
      } catch (IOException e) {
        LOGGER.error("{} cannot be made: make it, and start anew", file, e);
      }
      onBroken.run();
    }
    return true;
  }

  private static void leave(Path file) throws IOException {
    try (FileChannel mark =
        PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      mark.force(true);
      Path folder = file.getParent();
      if (folder != null) {
        SpoolSegment.syncFolder(folder);
      }
    }
  }

  /** Leaves the mark of a file that nothing has open. */
  static void leave(H2Files files) throws IOException {
    leave(files.mark());
  }

  static boolean isThere(H2Files files) {
    return Files.exists(files.mark());
  }
}

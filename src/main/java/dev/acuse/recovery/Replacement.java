package dev.acuse.recovery;

import dev.acuse.intake.spool.SpoolSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Objects;

/** Puts a new file in the place of a broken one, which is kept. May be cut off at any point. */
final class Replacement {
  private final H2Files files;
  private final InstantSource clock;

  Replacement(H2Files files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
  }

  void run() throws IOException {
    Path folder = Objects.requireNonNull(files.data().getParent(), "a file is in a folder");
    if (Files.exists(files.data())) {
      Files.move(files.data(), files.broken(clock.instant()));
      SpoolSegment.syncFolder(folder);
    }
    // The mark is the old file's: a new one must not be made of the new one.
    Files.deleteIfExists(files.mark());
    Files.move(files.finished(), files.data(), StandardCopyOption.ATOMIC_MOVE);
    SpoolSegment.syncFolder(folder);
  }
}

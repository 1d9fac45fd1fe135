package dev.acuse.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is too small to hold H2's two headers: H2 is not asked to open it. */
final class SmallFile {
  /** In bytes. */
  private static final long LEAST = 8_192;

  private SmallFile() {}

  static boolean is(Path file) {
    try {
      return Files.size(file) < LEAST;
    } catch (IOException e) {
      return true;
    }
  }
}

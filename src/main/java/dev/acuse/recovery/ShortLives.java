package dev.acuse.recovery;

import dev.acuse.process.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts starts that were followed neither by some minutes of life nor by an orderly stop, in a
 * small file beside the H2 file: a process whose memory is used up has no time to say why it ends.
 */
final class ShortLives {
  private final Path file;

  ShortLives(H2Files files) {
    this.file = files.starts();
  }

  /** Counts one more, until it has {@link #lived}. Answers how many there were before it. */
  long begin() throws IOException {
    try (FileChannel starts =
        PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long before = starts.size();
      starts.write(ByteBuffer.allocate(1), before);
      return before;
    }
  }

  /** This one was no short life, or what made them short has been seen to. */
  void lived() throws IOException {
    Files.deleteIfExists(file);
  }
}

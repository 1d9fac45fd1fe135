package dev.acuse.move;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.intake.spool.SpoolSegment;
import dev.acuse.process.PrivateFiles;
import dev.acuse.process.SetupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file beside the H2 file that says where the inbox is being moved, or was.
 *
 * @param move names the move
 * @param to where to, without a secret
 * @param at when that was written
 */
record MoveNote(String move, String to, Instant at) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  MoveNote {
    Objects.requireNonNull(move);
    Objects.requireNonNull(to);
    Objects.requireNonNull(at);
  }

  /** Null if there is none. */
  static @Nullable MoveNote read(Path file) {
    // Also false where a file stands in the place of its folder, which another check says better.
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), MoveNote.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new SetupException(
          file + " says where the inbox was moved, and cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes it; when this returns it survives a power cut. */
  void write(Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel =
        PrivateFiles.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer content = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file);
  }

  /** Deletes one; when this returns it is gone after a power cut as well. */
  static void delete(Path file) throws IOException {
    if (Files.exists(file) && Files.deleteIfExists(file)) {
      sync(file);
    }
  }

  private static void sync(Path file) throws IOException {
    SpoolSegment.syncFolder(Objects.requireNonNull(file.getParent(), "a file is in a folder"));
  }
}

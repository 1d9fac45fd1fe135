package dev.acuse.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.inbox.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file beside the H2 file that says of which moment's backup it is. */
public final class RestoreNote {
  private static final Logger LOGGER = LoggerFactory.getLogger(RestoreNote.class);

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

  private RestoreNote() {}

  static byte[] encode(Restored restored) throws IOException {
    return JSON.writeValueAsBytes(restored);
  }

  /**
   * Reads it.
   *
   * @return null if the inbox was never restored
   */
  public static @Nullable Restored read(Path file) {
    try {
      return JSON.readValue(Files.readAllBytes(file), Restored.class);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOGGER.warn("{} does not say which backup was restored: {}", file, e.toString());
      return null;
    }
  }
}

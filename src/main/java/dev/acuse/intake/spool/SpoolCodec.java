package dev.acuse.intake.spool;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.acuse.event.Arrival;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One arrival as a record of the spool: JSON, with the body in Base64. Pure. */
public final class SpoolCodec {
  // What a newer version adds, an older one passes over.
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private SpoolCodec() {}

  /** As bytes of JSON. */
  public static byte[] encode(Arrival arrival) {
    try {
      return JSON.writeValueAsBytes(arrival);
    } catch (IOException e) {
      throw new UncheckedIOException("an arrival has nothing that is not JSON", e);
    }
  }

  /**
   * The same from where it lies in a file.
   *
   * @throws IOException if a record is whole, but not one that this version knows
   */
  public static Arrival decode(byte[] file, SpoolFrames.Range range) throws IOException {
    return JSON.readValue(file, range.from(), range.length(), Arrival.class);
  }
}

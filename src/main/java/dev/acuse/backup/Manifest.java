package dev.acuse.backup;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a backup says of itself: its last entry.
 *
 * @param format of the file, 1 so far
 * @param version of Acuse that made it
 * @param schema the number of the latest change set of its database
 * @param takenAt what was acknowledged before this moment is in it
 * @param files what it holds
 */
record Manifest(int format, String version, int schema, Instant takenAt, List<Entry> files) {
  static final String NAME = "manifest.json";
  static final int FORMAT = 1;

  // What a newer version adds, an older one passes over.
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /**
   * One file.
   *
   * @param bytes how large it is when it is unpacked
   * @param sha256 of its content, in hex
   */
  record Entry(String name, long bytes, String sha256) {
    Entry {
      Objects.requireNonNull(name);
      Objects.requireNonNull(sha256);
    }
  }

  Manifest {
    Objects.requireNonNull(version);
    Objects.requireNonNull(takenAt);
    files = List.copyOf(files);
  }

  /** Whether it names this file. */
  boolean names(String file) {
    return files.stream().anyMatch(entry -> entry.name().equals(file));
  }

  byte[] encode() throws IOException {
    return JSON.writeValueAsBytes(this);
  }

  /**
   * @throws IOException if that is no manifest
   */
  static Manifest decode(byte[] json) throws IOException {
    return JSON.readValue(json, Manifest.class);
  }
}

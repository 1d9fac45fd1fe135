package dev.acuse.recovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** That the H2 file was broken and made anew: news for a day, or until its report is deleted. */
public final class RebuildNotice {
  private static final Duration NEWS = Duration.ofDays(1);

  private final Path report;
  private final InstantSource clock;

  /**
   * @param clock by which a day is over
   */
  public RebuildNotice(H2Files files, InstantSource clock) {
    this.report = files.report();
    this.clock = clock;
  }

  /** What happened, in one line; null if nothing has lately. */
  public @Nullable String text() {
    try {
      boolean isOld =
          Files.getLastModifiedTime(report).toInstant().plus(NEWS).isBefore(clock.instant());
      return isOld ? null : Files.readString(report, StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      return "the H2 file was made anew, and its report cannot be read: " + e;
    }
  }
}

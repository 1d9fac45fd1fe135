package dev.acuse.intake;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.dropwizard.util.DataSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory: a size, as {@code 64MiB}, or a share of the largest heap, as {@code 25%}.
 *
 * @param bytes what it comes to in this process
 */
record HeapShare(long bytes) {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,2})\\s*%");

  /** The others need memory too. */
  private static final double MOST = 0.75;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is neither a size nor a share
   */
  @JsonCreator
  static HeapShare of(String text) {
    Matcher percent = PERCENT.matcher(text.strip());
    return new HeapShare(
        percent.matches()
            ? Runtime.getRuntime().maxMemory() * Long.parseLong(percent.group(1)) / 100
            : DataSize.parse(text).toBytes());
  }

  /** As much as may be asked for, in bytes. */
  static long most() {
    return (long) (Runtime.getRuntime().maxMemory() * MOST);
  }
}

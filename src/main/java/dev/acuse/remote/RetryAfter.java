package dev.acuse.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After} (RFC 9110, section 10.2.3). */
final class RetryAfter {
  /** A longer wait is not believed: a slip of the other side must not park events for years. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,64}");

  private RetryAfter() {}

  /**
   * How long to wait, at most an hour.
   *
   * @param value seconds or an HTTP date
   * @return null if the header is absent, unreadable, or names no time to come
   */
  static @Nullable Duration parse(@Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    String text = value.strip();
    Duration wait = SECONDS.matcher(text).matches() ? seconds(text) : until(text, now);
    if (wait == null || wait.isNegative() || wait.isZero()) {
      return null;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static Duration seconds(String digits) {
    // ten digits are three centuries: beyond the cap, and still a long
    return digits.length() > 10 ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
  }

  private static @Nullable Duration until(String date, Instant now) {
    try {
      return Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return null;
    }
  }
}

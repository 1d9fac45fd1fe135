package dev.acuse.text;

import org.jspecify.annotations.Nullable;

/**
 * Makes text from outside fit to be stored. PostgreSQL refuses NUL and half a surrogate pair, a
 * lone half has no UTF-8, and both engines refuse what is too long. Lengths are UTF-16 units, which
 * H2 counts; PostgreSQL counts code points, never more.
 */
public final class Text {
  private static final char REPLACEMENT = '\uFFFD';

  private Text() {}

  /**
   * The text as it is but for what no column takes, cut to a column's length. NUL and half pairs
   * are left out; other control characters and blanks at the ends stay.
   *
   * @return null if nothing but blanks is left
   */
  public static @Nullable String fit(@Nullable String text, int maxLength) {
    if (text == null) {
      return null;
    }
    var fitting = new StringBuilder(Math.min(text.length(), maxLength));
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (!isStorable(codePoint)) {
        continue;
      }
      if (fitting.length() + Character.charCount(codePoint) > maxLength) {
        break;
      }
      fitting.appendCodePoint(codePoint);
    }
    return fitting.toString().isBlank() ? null : fitting.toString();
  }

  /**
   * The text if it fits as it is, else null: for what must not be mistaken for something else, such
   * as a reference that begins like another one.
   */
  public static @Nullable String exact(@Nullable String text, int maxLength) {
    return text != null && text.equals(fit(text, maxLength)) ? text : null;
  }

  /**
   * The text for a page or a log as well: without any control character and without blanks at its
   * ends, half pairs replaced by U+FFFD, cut to a length.
   *
   * @return null if nothing is left
   */
  public static @Nullable String clean(@Nullable String text, int maxLength) {
    if (text == null) {
      return null;
    }
    var clean = new StringBuilder(Math.min(text.length(), maxLength));
    for (int i = 0; i < text.length() && clean.length() < maxLength; ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (isHalf(codePoint)) {
        clean.append(REPLACEMENT);
      } else if (!Character.isISOControl(codePoint)) {
        if (clean.length() + Character.charCount(codePoint) > maxLength) {
          break;
        }
        clean.appendCodePoint(codePoint);
      }
    }
    String result = clean.toString().strip();
    return result.isEmpty() ? null : result;
  }

  /** Whether the text is free of control characters and half surrogate pairs. */
  public static boolean isOneLine(String text) {
    return text.codePoints().allMatch(c -> !isHalf(c) && !Character.isISOControl(c));
  }

  /**
   * One line: a blank for each run of control characters, no blanks at the ends, and an ellipsis
   * for what is beyond the length.
   */
  public static String line(String text, int maxLength) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    if (line.length() <= maxLength) {
      return line;
    }
    int end = maxLength - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  /** The beginning of the text, whatever it is: a pair at the cut is parted. */
  public static String cut(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength);
  }

  private static boolean isStorable(int codePoint) {
    return codePoint != 0 && !isHalf(codePoint);
  }

  private static boolean isHalf(int codePoint) {
    return Character.getType(codePoint) == Character.SURROGATE;
  }
}

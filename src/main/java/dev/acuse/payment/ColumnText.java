package dev.acuse.payment;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes text from outside fit for a column. PostgreSQL refuses NUL and half a surrogate pair, and
 * both engines refuse what is too long; a hostile reference must not make a payment unstorable.
 */
final class ColumnText {
  /** What may go into a path of the CRM's API (security rules, SSRF). */
  private static final Pattern CONTACT_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private ColumnText() {}

  /**
   * The text without what no column takes, cut to the column's length; null if nothing is left of
   * it.
   *
   * @param maxLength in UTF-16 units, which H2 counts; PostgreSQL counts code points, never more
   */
  static @Nullable String fit(@Nullable String text, int maxLength) {
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
   * as a reference whose beginning is somebody else's.
   */
  static @Nullable String exact(@Nullable String text, int maxLength) {
    return text != null && text.equals(fit(text, maxLength)) ? text : null;
  }

  /** The contact id if it is one, else null. */
  static @Nullable String contactId(@Nullable String text) {
    return text != null && CONTACT_ID.matcher(text).matches() ? text : null;
  }

  /** Whether the text is free of control characters and half surrogate pairs. */
  static boolean isOneLine(String text) {
    return text.codePoints().allMatch(c -> isStorable(c) && !Character.isISOControl(c));
  }

  private static boolean isStorable(int codePoint) {
    return codePoint != 0 && Character.getType(codePoint) != Character.SURROGATE;
  }
}

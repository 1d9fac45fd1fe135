package dev.acuse.mercadopago;

import org.jspecify.annotations.Nullable;

/**
 * Makes of a text from outside one that every database, log and page can hold: PostgreSQL refuses
 * NUL, and a lone surrogate has no UTF-8.
 */
public final class SafeText {
  private static final char REPLACEMENT = '\uFFFD';

  private SafeText() {}

  /**
   * The text without control characters and lone surrogates, cut to a length.
   *
   * @param maxLength in characters as Java counts them
   * @return null if nothing is left
   */
  public static @Nullable String clean(@Nullable String text, int maxLength) {
    if (text == null) {
      return null;
    }
    var clean = new StringBuilder(Math.min(text.length(), maxLength));
    for (int i = 0; i < text.length() && clean.length() < maxLength; i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        if (!Character.isISOControl(c)) {
          clean.append(c);
        }
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        if (clean.length() + 2 > maxLength) {
          break;
        }
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(REPLACEMENT);
      }
    }
    String result = clean.toString().strip();
    return result.isEmpty() ? null : result;
  }
}

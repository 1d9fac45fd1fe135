package dev.acuse.text;

/**
 * Texts of others, made fit to be read by people. What cannot be seen, or changes how the text
 * around it is seen (controls, directions, joiners, tags), is shown by its number, as {@code
 * [U+202E]}; what is stored stays as it came.
 */
public final class Legible {
  private static final int JOINER = 0x200D;
  private static final int EMOJI_STYLE = 0xFE0F;

  private Legible() {}

  /** For one line of a log or of an answer: line breaks and tabs become spaces. */
  public static String line(String text) {
    return isPlain(text, true) ? text : shown(text, true);
  }

  /** For a page, which may have several lines: line breaks and tabs stay. */
  public static String lines(String text) {
    return isPlain(text, false) ? text : shown(text, false);
  }

  /** Nearly every text is. Latin letters and what else is below U+0300 have no joiners. */
  private static boolean isPlain(String text, boolean oneLine) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean aBreak = !oneLine && (c == '\n' || c == '\t');
      if (c >= 0x300 || (c < ' ' && !aBreak) || (c >= 0x7F && c < 0xA0) || c == 0xAD) {
        return false;
      }
    }
    return true;
  }

  private static String shown(String text, boolean oneLine) {
    var shown = new StringBuilder(text.length() + 16);
    int before = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean ofCrLf = c == '\r' && i < text.length() && text.charAt(i) == '\n';
      if (c == '\n' || c == '\t' || ofCrLf || (c == '\r' && oneLine)) {
        addBreak(shown, c, before, oneLine);
      } else if (Character.getType(c) == Character.SURROGATE) {
        shown.append('\uFFFD');
      } else if (isHidden(c) && !isPartOfEmoji(c, before)) {
        shown.append(String.format("[U+%04X]", c));
      } else {
        shown.appendCodePoint(c);
      }
      before = c;
    }
    return shown.toString();
  }

  private static void addBreak(StringBuilder shown, int c, int before, boolean oneLine) {
    if (!oneLine) {
      shown.append((char) c);
    } else if (before != '\n' && before != '\r') {
      shown.append(' ');
    }
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> isIgnorable(c) || isNoCharacter(c);
    };
  }

  /** Unicode's {@code Default_Ignorable_Code_Point}, without those that are formats. */
  private static boolean isIgnorable(int c) {
    return c == 0x034F
        || isWithin(c, 0x115F, 0x1160)
        || isWithin(c, 0x17B4, 0x17B5)
        || isWithin(c, 0x180B, 0x180F)
        || isWithin(c, 0x2060, 0x206F)
        || c == 0x3164
        || isWithin(c, 0xFE00, 0xFE0F)
        || c == 0xFFA0
        || isWithin(c, 0xFFF0, 0xFFF8)
        || isWithin(c, 0xE0000, 0xE0FFF);
  }

  private static boolean isNoCharacter(int c) {
    return (c & 0xFFFE) == 0xFFFE || isWithin(c, 0xFDD0, 0xFDEF);
  }

  /** A red heart, or a family of four, is no secret: it is drawn as one sign. */
  private static boolean isPartOfEmoji(int c, int before) {
    return (c == JOINER && (before == EMOJI_STYLE || isSymbol(before)))
        || (c == EMOJI_STYLE && isSymbol(before));
  }

  private static boolean isSymbol(int c) {
    // Newer ones than this Java knows are in the second range.
    return (c >= 0x2190 && Character.getType(c) == Character.OTHER_SYMBOL)
        || isWithin(c, 0x1F000, 0x1FAFF);
  }

  private static boolean isWithin(int c, int first, int last) {
    return c >= first && c <= last;
  }
}

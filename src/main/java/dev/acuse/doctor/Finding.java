package dev.acuse.doctor;

import dev.acuse.text.Text;

/**
 * What a check has found.
 *
 * @param name stable, as {@code database.schema}; the part before the dot is the check's
 * @param text one line: what is so, and what to do if it is not {@link Level#OK}; it holds no
 *     secret
 */
public record Finding(String name, Level level, String text) {
  /** In characters. */
  private static final int LONGEST = 1_000;

  public Finding {
    text = Text.line(text, LONGEST);
  }

  /** Nothing is to be done. */
  public static Finding ok(String name, String text) {
    return new Finding(name, Level.OK, text);
  }

  /** It works, and could be better. */
  public static Finding advice(String name, String text) {
    return new Finding(name, Level.ADVICE, text);
  }

  /** It does not work, or will not. */
  public static Finding wrong(String name, String text) {
    return new Finding(name, Level.WRONG, text);
  }
}

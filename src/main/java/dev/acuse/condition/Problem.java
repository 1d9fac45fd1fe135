package dev.acuse.condition;

import java.util.function.Supplier;

/**
 * What is wrong now.
 *
 * @param value the number, the name or the duration that a sentence about it needs
 * @param words a sentence for alerts and health checks; made only for a reader that wants it,
 *     because it may ask the database
 */
public record Problem(Object value, Supplier<String> words) {

  /** One that only the console tells of, which has its sentences in three languages. */
  static Problem of(Object value) {
    return new Problem(value, () -> String.valueOf(value));
  }

  static Problem of(Object value, String words) {
    return new Problem(value, () -> words);
  }

  /** The sentence. */
  public String sentence() {
    return words.get();
  }
}

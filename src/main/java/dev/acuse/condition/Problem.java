package dev.acuse.condition;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong now.
 *
 * @param value the number, the name or the duration that a sentence about it needs
 * @param words a sentence for alerts and health checks; made only for a reader that wants it,
 *     because it may ask the database
 * @param cause what another system said, for people, in its own words; null if nothing is known
 */
public record Problem(Object value, Supplier<String> words, @Nullable String cause) {

  /** One without a cause. */
  public Problem(Object value, Supplier<String> words) {
    this(value, words, null);
  }

  /** One that only the console tells of, which has its sentences in three languages. */
  static Problem of(Object value) {
    return new Problem(value, () -> String.valueOf(value));
  }

  static Problem of(Object value, String words) {
    return new Problem(value, () -> words);
  }

  static Problem of(Object value, String words, @Nullable String cause) {
    return new Problem(value, () -> words, cause);
  }

  /** The same; its sentence says which account it is about. */
  Problem about(String account) {
    return new Problem(value, () -> account + ": " + sentence(), cause);
  }

  /** The sentence. */
  public String sentence() {
    return words.get();
  }
}

package dev.acuse.account;

import org.jspecify.annotations.Nullable;

/**
 * A field of a change, which may say nothing: then what is there stays.
 *
 * @param isGiven whether it says something
 * @param value what it shall be; null if it shall be empty, or the field says nothing
 */
public record Given<T>(boolean isGiven, @Nullable T value) {
  private static final Given<?> NOT = new Given<>(false, null);

  /** It says nothing. */
  @SuppressWarnings("unchecked")
  public static <T> Given<T> not() {
    return (Given<T>) NOT;
  }

  /** It shall be this; null empties it. */
  public static <T> Given<T> of(@Nullable T value) {
    return new Given<>(true, value);
  }

  /** What holds then, where this was there. */
  @Nullable T or(@Nullable T present) {
    return isGiven ? value : present;
  }
}

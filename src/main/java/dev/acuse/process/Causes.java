package dev.acuse.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks along the chain of a failure's causes, the failure first. What stands beside a cause is
 * found by {@link Failures}.
 */
public final class Causes {
  /** No chain of causes is longer than this, unless it is a circle. */
  private static final int MAX_DEPTH = 32;

  private Causes() {}

  /**
   * The failure and its causes.
   *
   * @param failure null for none
   */
  public static List<Throwable> of(@Nullable Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && causes.size() < MAX_DEPTH) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  /**
   * Whether the failure or one of its causes is such.
   *
   * @param failure null for none
   */
  public static boolean any(@Nullable Throwable failure, Predicate<Throwable> which) {
    return of(failure).stream().anyMatch(which);
  }

  /** What is made of the first cause of which anything is made; null if there is none. */
  public static <T> @Nullable T first(Throwable failure, Function<Throwable, @Nullable T> ofCause) {
    for (Throwable cause : of(failure)) {
      T made = ofCause.apply(cause);
      if (made != null) {
        return made;
      }
    }
    return null;
  }

  /** The last cause: what really happened. */
  public static Throwable root(Throwable failure) {
    List<Throwable> causes = of(failure);
    return causes.get(causes.size() - 1);
  }
}

package dev.acuse.process;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds all that a failure holds. What the rows of a batch met is no cause of the batch's failure:
 * JDBC chains it by {@link SQLException#getNextException}, and Jdbi adds it as suppressed. Failures
 * may hold each other.
 */
public final class Failures {
  private Failures() {}

  /** Whether there is one such, however deep down or beside. */
  public static boolean any(Throwable failure, Predicate<Throwable> which) {
    return chains(failure).stream().anyMatch(chain -> chain.stream().anyMatch(which));
  }

  /**
   * This failure with its causes, and each that stands beside one with its own: next exceptions of
   * SQL and suppressed ones.
   */
  public static List<List<Throwable>> chains(Throwable failure) {
    List<List<Throwable>> chains = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> ahead = new ArrayDeque<>();
    ahead.add(failure);
    while (!ahead.isEmpty()) {
      Throwable first = ahead.remove();
      if (seen.add(first)) {
        List<Throwable> chain = Causes.of(first);
        chains.add(chain);
        chain.forEach(cause -> addBeside(cause, ahead));
      }
    }
    return chains;
  }

  private static void addBeside(Throwable failure, Deque<Throwable> ahead) {
    if (failure instanceof SQLException sql && sql.getNextException() != null) {
      ahead.add(sql.getNextException());
    }
    Collections.addAll(ahead, failure.getSuppressed());
  }
}

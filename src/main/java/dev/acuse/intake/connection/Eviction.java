package dev.acuse.intake.connection;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which connection goes when there is no room for the next: of those that wait for their sender,
 * one of the network that has the most of them, and of its own the one that has waited longest. A
 * whole request that is being answered never goes.
 */
final class Eviction {
  /**
   * So many are what an ordinary client keeps open. Networks with no more are alike, so that many
   * with one each cannot drive out one with a few, whose turn comes by age then.
   */
  static final int FEW = 8;

  private Eviction() {}

  /**
   * The one to close.
   *
   * @param now of {@link System#nanoTime}
   * @return null if none waits for its sender
   */
  static @Nullable OpenConnection choose(Collection<OpenConnection> all, long now) {
    List<OpenConnection> waiting = all.stream().filter(one -> one.isWaiting(now)).toList();
    Map<Network, Integer> counts = new HashMap<>();
    waiting.forEach(one -> counts.merge(one.network(), 1, Integer::sum));
    @Nullable OpenConnection chosen = null;
    int most = 0;
    long longest = 0;
    for (OpenConnection one : waiting) {
      int count = Math.max(FEW, counts.getOrDefault(one.network(), 0));
      long waited = now - one.since();
      if (chosen == null || count > most || (count == most && waited > longest)) {
        chosen = one;
        most = count;
        longest = waited;
      }
    }
    return chosen;
  }
}

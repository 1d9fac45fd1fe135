package dev.acuse.http.connection;

import dev.acuse.http.Network;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which connection goes when there is no room for the next: of those that wait for their sender,
 * one of the network that has the most of them with the one that comes, and of its own the one that
 * has waited longest. So a network that has few loses none to one that has many, however fast that
 * one comes back. A whole request that is being answered never goes.
 */
final class Eviction {
  /**
   * So many are what an ordinary client keeps open. Networks with no more are alike, so that many
   * with one each cannot drive out one with a few, whose turn comes by age then.
   */
  private static final int FEW = 8;

  /** Where there are few connections in all, even those would be most of them. */
  private static final int FEW_OF = 64;

  private Eviction() {}

  /** How many connections of one network count as few, if there may be so many in all. */
  static int few(int max) {
    return Math.max(1, Math.min(FEW, max / FEW_OF));
  }

  /**
   * The one to close.
   *
   * @param coming the network of the one that needs room; null if room is needed otherwise
   * @param few networks with no more than this are alike
   * @param now of {@link System#nanoTime}
   * @return null if none waits for its sender
   */
  static @Nullable OpenConnection choose(
      Collection<OpenConnection> all, @Nullable Network coming, int few, long now) {
    List<OpenConnection> waiting = all.stream().filter(one -> one.isWaiting(now)).toList();
    Map<Network, Integer> counts = new HashMap<>();
    waiting.forEach(one -> counts.merge(one.network(), 1, Integer::sum));
    if (coming != null) {
      counts.merge(coming, 1, Integer::sum);
    }
    @Nullable OpenConnection chosen = null;
    int most = 0;
    long longest = 0;
    for (OpenConnection one : waiting) {
      int count = Math.max(few, counts.getOrDefault(one.network(), 0));
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

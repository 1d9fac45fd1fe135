package dev.acuse.console.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sender who guesses passwords wait: from the fourth failure for a user on, and the
 * twentieth in all (two hundredth of a site of IPv6), twice as long each time, up to a minute.
 * Failures count against the network that they come from, so that nobody elsewhere is held back by
 * them; and not against a browser that has logged in before, which counts for itself, because
 * behind a proxy all have one address. One process; thread-safe.
 */
public final class LoginBackoff {
  private static final int FREE_BY_USER = 3;
  private static final int FREE_BY_NETWORK = 19;
  private static final int FREE_BY_SITE = 199;
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final Duration FORGET = Duration.ofMinutes(15);
  private static final int MOST_REMEMBERED = 10_000;

  private final InstantSource clock;
  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  private record Failures(int count, Instant last) {}

  /** Counts by this clock. */
  public LoginBackoff(InstantSource clock) {
    this.clock = clock;
  }

  /** How long a sender has yet to wait; zero if not at all. */
  public synchronized Duration wait(LoginSender sender) {
    Duration longest = Duration.ZERO;
    for (Map.Entry<String, Integer> count : free(sender).entrySet()) {
      Duration remaining = remaining(count.getKey(), count.getValue());
      longest = longest.compareTo(remaining) > 0 ? longest : remaining;
    }
    return longest;
  }

  /** A password was wrong. */
  public synchronized void failed(LoginSender sender) {
    for (String key : free(sender).keySet()) {
      Failures before = recent(key);
      failures.put(key, new Failures(before == null ? 1 : before.count() + 1, clock.instant()));
    }
  }

  /** A password was right. */
  public synchronized void succeeded(LoginSender sender) {
    failures.keySet().removeAll(free(sender).keySet());
  }

  /** What counts against a sender, and how many failures of each are for nothing. */
  private static Map<String, Integer> free(LoginSender sender) {
    String user = "u:" + sender.source() + " " + sender.user();
    if (sender.device() != null) {
      return Map.of(user, FREE_BY_USER);
    }
    Map<String, Integer> free = new HashMap<>();
    free.put(user, FREE_BY_USER);
    free.put("n:" + sender.source(), FREE_BY_NETWORK);
    // A site has 65,536 networks of IPv6. What is around an address of IPv4 is others'.
    if (sender.network().indexOf(':') >= 0) {
      free.put("w:" + sender.wider(), FREE_BY_SITE);
    }
    return free;
  }

  private Duration remaining(String key, int free) {
    Failures before = recent(key);
    if (before == null || before.count() <= free) {
      return Duration.ZERO;
    }
    long seconds = 1L << Math.min(6, before.count() - free - 1);
    Duration pause = Duration.ofSeconds(Math.min(seconds, LONGEST.toSeconds()));
    Duration left = pause.minus(Duration.between(before.last(), clock.instant()));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private @Nullable Failures recent(String key) {
    Failures before = failures.get(key);
    boolean old = before != null && before.last().plus(FORGET).isBefore(clock.instant());
    return old ? null : before;
  }
}

package dev.acuse.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes whoever guesses passwords wait: from the fourth failure of a user on, and the twentieth of
 * an address, twice as long each time, up to a minute. No longer, for behind a proxy everybody has
 * one address, and an operator who is woken up must not stay locked out. One process; thread-safe.
 */
final class LoginBackoff {
  private static final int FREE_BY_USER = 3;
  private static final int FREE_BY_ADDRESS = 19;
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

  LoginBackoff(InstantSource clock) {
    this.clock = clock;
  }

  /** How long this user, or this address, has yet to wait; zero if not at all. */
  synchronized Duration wait(String user, String address) {
    Duration byUser = remaining("u:" + user, FREE_BY_USER);
    Duration byAddress = remaining("a:" + address, FREE_BY_ADDRESS);
    return byUser.compareTo(byAddress) > 0 ? byUser : byAddress;
  }

  synchronized void failed(String user, String address) {
    for (String key : new String[] {"u:" + user, "a:" + address}) {
      Failures before = recent(key);
      failures.put(key, new Failures(before == null ? 1 : before.count() + 1, clock.instant()));
    }
  }

  synchronized void succeeded(String user, String address) {
    failures.remove("u:" + user);
    failures.remove("a:" + address);
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

package dev.acuse.sandbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What goes wrong on one server of the sandbox, and how often. Thread-safe. */
public final class Faults {

  /** What an answer is replaced by. */
  public enum Kind {
    /** The connection is closed without an answer. */
    DROP,
    /** 500 with a JSON body. */
    SERVER_ERROR,
    /** 502 with HTML, as a proxy answers. */
    BAD_GATEWAY,
    /** 401, as for a token that was revoked. */
    UNAUTHORIZED,
    /** 429. */
    TOO_MANY_REQUESTS,
    /** 200 with HTML. */
    HTML,
    /** 200 with nothing. */
    EMPTY,
    /** 200 with JSON that is cut off. */
    TRUNCATED
  }

  private final Deque<Kind> next = new ArrayDeque<>();
  private @Nullable Kind always;
  private @Nullable String retryAfter;
  private Duration latency = Duration.ZERO;
  private double probability;
  private Kind[] atRandom = {};
  private Random random = new Random(1);

  /** The next answers, so many, are of this kind. */
  public synchronized void next(int times, Kind kind) {
    for (int i = 0; i < times; i++) {
      next.add(kind);
    }
  }

  /** Every answer is of this kind, until {@link #none}. */
  public synchronized void always(Kind kind) {
    always = kind;
  }

  /** The {@code Retry-After} of each 429; null for none. */
  public synchronized void retryAfter(@Nullable String header) {
    retryAfter = header;
  }

  /** Every answer comes so much later. */
  public synchronized void latency(Duration later) {
    latency = later;
  }

  /** One of these kinds with this probability, repeatable by the seed. */
  public synchronized void random(double chance, long seed, Kind... kinds) {
    probability = chance;
    random = new Random(seed);
    atRandom = kinds.clone();
  }

  /** Nothing goes wrong any more. */
  public synchronized void none() {
    next.clear();
    always = null;
    retryAfter = null;
    latency = Duration.ZERO;
    probability = 0;
  }

  synchronized Duration latency() {
    return latency;
  }

  /** What the next answer is replaced by; null if by nothing. */
  synchronized @Nullable Kind take() {
    Kind planned = next.poll();
    if (planned != null) {
      return planned;
    }
    if (always != null) {
      return always;
    }
    return atRandom.length > 0 && random.nextDouble() < probability
        ? atRandom[random.nextInt(atRandom.length)]
        : null;
  }

  /** The answer of a kind; null to drop the connection. */
  synchronized @Nullable Reply replyOf(Kind kind) {
    return switch (kind) {
      case DROP -> null;
      case SERVER_ERROR -> Reply.json(500, Map.of("message", "internal_error", "status", 500));
      case BAD_GATEWAY -> Reply.text(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>");
      case UNAUTHORIZED ->
          Reply.json(
              401, Map.of("message", "invalid access token", "status", 401, "statusCode", 401));
      case TOO_MANY_REQUESTS -> {
        Reply reply =
            Reply.json(
                429, Map.of("status", 429, "error", "too_many_requests", "message", "slow down"));
        yield retryAfter == null ? reply : reply.with("Retry-After", retryAfter);
      }
      case HTML -> Reply.text(200, "text/html", "<html>maintenance</html>");
      case EMPTY -> Reply.text(200, "application/json", "");
      case TRUNCATED -> Reply.text(200, "application/json", "{\"id\": 1384000");
    };
  }
}

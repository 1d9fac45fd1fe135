package dev.acuse.sandbox.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at one server, and when. Each request takes the first of: the server is down; the
 * next of the faults that were ordered for a number of requests; the standing fault; a random one.
 * Thread-safe.
 */
public final class Faults {
  private final Random random;
  private final Deque<Fault> ordered = new ArrayDeque<>();
  private boolean down;
  private @Nullable Fault standing;
  private Duration latency = Duration.ZERO;
  private double probability;
  private List<Fault> randomFaults = List.of();

  /**
   * @param seed of the random faults: the same requests in the same order meet the same faults
   */
  public Faults(long seed) {
    this.random = new Random(seed);
  }

  /** Closes every connection without an answer, until {@link #up}. */
  public synchronized void down() {
    down = true;
  }

  /** Ends {@link #down}; other faults remain. */
  public synchronized void up() {
    down = false;
  }

  /** Carries requests out at once and answers them this much later. Zero for none. */
  public synchronized void latency(Duration latency) {
    this.latency = latency;
  }

  /** Orders a fault for the next requests, after those already ordered. */
  public synchronized void next(int times, Fault fault) {
    for (int i = 0; i < times; i++) {
      ordered.addLast(fault);
    }
  }

  /** Meets every request with this fault, until {@link #none}. */
  public synchronized void always(Fault fault) {
    standing = fault;
  }

  /** Answers every request with this status, until {@link #none}. */
  public void always(int status) {
    always(Fault.status(status));
  }

  /** Answers the next requests with this status. */
  public void fail(int times, int status) {
    next(times, Fault.status(status));
  }

  /**
   * Answers the next requests with 429.
   *
   * @param retryAfter the header's value, seconds or an HTTP date; null for none
   */
  public void tooManyRequests(int times, @Nullable String retryAfter) {
    next(times, Fault.tooManyRequests(retryAfter));
  }

  /** Closes the next connections before the request is carried out. */
  public void dropConnections(int times) {
    next(times, Fault.drop());
  }

  /** Carries the next requests out and closes their connections in place of the answer. */
  public void loseAnswers(int times) {
    next(times, Fault.loseAnswer());
  }

  /** Answers the next requests with a 200 of no use. */
  public void garbage(int times, GarbageKind kind) {
    next(times, Fault.garbage(kind));
  }

  /** Answers every request with a JSON body of this length, until {@link #none}. */
  public void bodyOfSize(int bytes) {
    always(Fault.bodyOfSize(bytes));
  }

  /**
   * Meets a share of the requests with one of these faults.
   *
   * @param probability from 0 to 1
   */
  public synchronized void random(double probability, Fault... faults) {
    this.probability = faults.length == 0 ? 0 : probability;
    this.randomFaults = List.of(faults);
  }

  /** Ends all faults, {@link #down} and {@link #latency} included. */
  public synchronized void none() {
    down = false;
    ordered.clear();
    standing = null;
    latency = Duration.ZERO;
    random(0);
  }

  synchronized Optional<Fault> take() {
    if (down) {
      return Optional.of(Fault.drop());
    }
    if (!ordered.isEmpty()) {
      return Optional.of(ordered.removeFirst());
    }
    if (standing != null) {
      return Optional.of(standing);
    }
    if (probability > 0 && random.nextDouble() < probability) {
      return Optional.of(randomFaults.get(random.nextInt(randomFaults.size())));
    }
    return Optional.empty();
  }

  synchronized Duration latency() {
    return latency;
  }

  /** For people: what a request meets at the moment. */
  @Override
  public synchronized String toString() {
    return "down=%s, ordered=%d, always=%s, latency=%s, random=%s of %s"
        .formatted(down, ordered.size(), standing, latency, probability, randomFaults);
  }
}

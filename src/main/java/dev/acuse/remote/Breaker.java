package dev.acuse.remote;

import dev.acuse.process.FatalErrors;
import dev.acuse.remote.RemoteSystem.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens when too many calls fail in the way that concerns it, and at once where one failure says
 * enough. While it is open, calls fail without being made, and one event at a time probes.
 * Thread-safe.
 */
final class Breaker implements Guard {
  private static final Logger LOGGER = LoggerFactory.getLogger(Breaker.class);
  private static final int WINDOW = 10;

  /** The breaker lets a probe pass only after its time, not at it. */
  private static final Duration STRICTLY_AFTER = Duration.ofNanos(1_000);

  /** What a breaker learns from. */
  enum Concern {
    /** Whether the system answers, whoever asks: no connection, time-outs, 5xx, other words. */
    SYSTEM,
    /** Whether it answers these calls: their token, and how many there are of them. */
    LANE
  }

  /** What a failure says to a breaker. */
  private enum Verdict {
    FINE,
    OUT,
    REFUSED,
    TOKENLESS,
    NOTHING
  }

  /** The latest failure that says something. */
  private record Trouble(State state, String cause) {}

  private final String system;
  private final String where;
  private final Concern concern;
  private final Duration probeEvery;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final List<Runnable> recoveryListeners = new CopyOnWriteArrayList<>();
  private volatile Instant nextProbeAt = Instant.MIN;
  private volatile @Nullable Trouble trouble;

  /**
   * @param system the system's name
   * @param where names the lane in the log, with a blank before it; empty for the system's own
   * @param failures of the last ten calls, at which it opens; 1 to 10
   * @param probeEvery how often a call is let through while it is open
   */
  Breaker(
      String system,
      String where,
      Concern concern,
      int failures,
      Duration probeEvery,
      Clock clock) {
    this.system = system;
    this.where = where;
    this.concern = concern;
    this.probeEvery = probeEvery;
    this.clock = clock;
    int threshold = Math.min(failures, WINDOW);
    this.breaker =
        CircuitBreaker.of(
            system + where,
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    WINDOW, threshold, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100f * threshold / WINDOW)
                .waitDurationInOpenState(probeEvery.minus(STRICTLY_AFTER))
                .permittedNumberOfCallsInHalfOpenState(1)
                .clock(clock)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event -> onTransition(event.getStateTransition()));
  }

  @Override
  public boolean isUp() {
    return breaker.getState() == CircuitBreaker.State.CLOSED;
  }

  /** How it stands with what this breaker is about; {@link State#UP} while it is closed. */
  State state() {
    Trouble latest = trouble;
    if (isUp()) {
      return State.UP;
    }
    return latest == null ? State.OUT : latest.state();
  }

  /** What the latest call was answered; null while calls go through. */
  @Nullable String cause() {
    Trouble latest = trouble;
    return isUp() || latest == null ? null : latest.cause();
  }

  /** Closes it, and tells the listeners even if it was closed: what has failed may be tried. */
  void reset() {
    trouble = null;
    if (isUp()) {
      recoveryListeners.forEach(Runnable::run);
    } else {
      breaker.transitionToClosedState();
    }
  }

  /** Runs the listener, in the thread of the probe, whenever it closes. */
  void onRecovery(Runnable listener) {
    recoveryListeners.add(listener);
  }

  /** While it is open: whether one event may be claimed now to see if it closes. */
  synchronized boolean takeProbe() {
    Instant now = clock.instant();
    if (isUp() || now.isBefore(nextProbeAt)) {
      return false;
    }
    nextProbeAt = now.plus(probeEvery);
    return true;
  }

  /** Whether {@link #takeProbe} would take one. */
  boolean isProbeDue() {
    return !isUp() && !clock.instant().isBefore(nextProbeAt);
  }

  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    if (!breaker.tryAcquirePermission()) {
      throw new RemoteException.BreakerOpen(system);
    }
    long start = System.nanoTime();
    try {
      T result = exchange.run();
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      trouble = null;
      return result;
    } catch (RemoteException e) {
      record(e, System.nanoTime() - start);
      throw e;
    } catch (RuntimeException e) {
      // Our own mistake, which says nothing against the other system.
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      throw e;
    } catch (Error e) {
      FatalErrors.haltOn(e);
      // It says nothing of the other system. Without the release a probe's permit would be lost.
      breaker.releasePermission();
      throw e;
    }
  }

  private void record(RemoteException failure, long nanos) {
    String cause = String.valueOf(failure.getMessage());
    switch (verdict(failure)) {
      case FINE -> {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        trouble = null;
      }
      case NOTHING -> breaker.releasePermission();
      case OUT -> {
        trouble = new Trouble(State.OUT, cause);
        Duration retryAfter = failure.retryAfter();
        if (retryAfter == null || retryAfter.isZero() || retryAfter.isNegative()) {
          breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        } else {
          leaveAlone(retryAfter);
        }
      }
      case REFUSED -> {
        trouble = new Trouble(State.REFUSED, cause);
        if (openAtOnce(failure, nanos)) {
          LOGGER.error(
              "{} refuses our token{}; events wait until it is mended: {}", system, where, cause);
        }
      }
      case TOKENLESS -> {
        trouble = new Trouble(State.NO_TOKEN, cause);
        if (openAtOnce(failure, nanos)) {
          LOGGER.warn("{} has no token yet{}; events wait until one is set", system, where);
        }
      }
    }
  }

  private Verdict verdict(RemoteException failure) {
    boolean aboutSystem = concern == Concern.SYSTEM;
    return switch (failure.diagnosis()) {
      case ANSWERED -> Verdict.FINE;
      case NOT_ASKED, UNKNOWN -> Verdict.NOTHING;
      // It answers, if only that there are too many of these calls.
      case OUTAGE ->
          failure.isTooManyRequests()
              ? (aboutSystem ? Verdict.FINE : Verdict.OUT)
              : (aboutSystem ? Verdict.OUT : Verdict.NOTHING);
      case TOKEN_REFUSED -> aboutSystem ? Verdict.FINE : Verdict.REFUSED;
      case NO_TOKEN -> aboutSystem ? Verdict.NOTHING : Verdict.TOKENLESS;
    };
  }

  /** Answers whether the breaker was closed. */
  private boolean openAtOnce(RemoteException failure, long nanos) {
    boolean wasUp = isUp();
    breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
    if (isUp()) {
      breaker.transitionToOpenState();
    }
    return wasUp;
  }

  private synchronized void leaveAlone(Duration retryAfter) {
    if (breaker.getState() == CircuitBreaker.State.OPEN) {
      return;
    }
    Instant until = clock.instant().plus(retryAfter);
    breaker.transitionToOpenStateUntil(until.minus(STRICTLY_AFTER));
    nextProbeAt = until;
  }

  private void onTransition(StateTransition transition) {
    switch (transition.getToState()) {
      case OPEN -> {
        nextProbeAt = clock.instant().plus(probeEvery);
        if (transition.getFromState() == CircuitBreaker.State.CLOSED) {
          LOGGER.warn(
              "{} is out{}: its breaker is open, one event probes every {}",
              system,
              where,
              probeEvery);
        }
      }
      case CLOSED -> {
        LOGGER.info("{} answers again{}: its breaker is closed", system, where);
        recoveryListeners.forEach(Runnable::run);
      }
      case HALF_OPEN, DISABLED, METRICS_ONLY, FORCED_OPEN -> {
        // The probe is under way; the other states are never used here.
      }
    }
  }
}

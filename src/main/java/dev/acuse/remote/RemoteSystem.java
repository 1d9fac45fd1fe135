package dev.acuse.remote;

import dev.acuse.process.FatalErrors;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another system that handlers call, its health, and the breaker before its calls. The breaker
 * opens when too many calls meet an outage, and at once when the system refuses us or asks to be
 * left alone, or when there is no token to ask it with. While it is open, calls fail without being
 * made, and one event at a time probes. Thread-safe.
 */
public final class RemoteSystem implements Guard {
  private static final Logger LOGGER = LoggerFactory.getLogger(RemoteSystem.class);
  private static final int WINDOW = 10;

  /** The breaker lets a probe pass only after its time, not at it. */
  private static final Duration STRICTLY_AFTER = Duration.ofNanos(1_000);

  /** What an open breaker holds back. */
  public enum Scope {
    /** Every event needs this system: nothing is claimed but a probe. */
    EVERY_EVENT,
    /** Only events whose outstanding step needs this system. */
    WAITING_EVENTS
  }

  /** How it stands with a system, as this process knows it. */
  public enum State {
    /** Calls go through. */
    UP,
    /** It is out, or something that stands before it answers in its place. */
    OUT,
    /** It refuses us, whatever is asked. */
    REFUSED,
    /** No token for it is set yet. */
    NO_TOKEN;

    /** The word used in the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The latest failure that says something of the system. */
  private record Trouble(State state, String cause) {}

  private final String name;
  private final Scope scope;
  private final Duration probeEvery;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final List<Runnable> recoveryListeners = new CopyOnWriteArrayList<>();
  private volatile Instant nextProbeAt = Instant.MIN;
  private volatile @Nullable Trouble trouble;
  private volatile boolean lacksToken;

  /**
   * @param name as it stands in {@code waits_for}, metrics and logs
   * @param failures of the last ten calls, at which the breaker opens; 1 to 10
   * @param probeEvery how often a call is let through while it is open
   */
  public RemoteSystem(String name, Scope scope, int failures, Duration probeEvery, Clock clock) {
    this.name = name;
    this.scope = scope;
    this.probeEvery = probeEvery;
    this.clock = clock;
    this.breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    WINDOW,
                    Math.min(failures, WINDOW),
                    CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(100f * Math.min(failures, WINDOW) / WINDOW)
                .waitDurationInOpenState(probeEvery.minus(STRICTLY_AFTER))
                .permittedNumberOfCallsInHalfOpenState(1)
                .clock(clock)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event -> onTransition(event.getStateTransition()));
  }

  /** As it stands in {@code waits_for}, metrics and logs. */
  public String name() {
    return name;
  }

  /** What an open breaker holds back. */
  public Scope scope() {
    return scope;
  }

  @Override
  public boolean isUp() {
    return breaker.getState() == CircuitBreaker.State.CLOSED;
  }

  /** Says at the start that no token for it is set, before any call is made in vain. */
  public void lacksToken() {
    lacksToken = true;
  }

  /** How it stands with it. */
  public State state() {
    Trouble latest = trouble;
    if (lacksToken) {
      return State.NO_TOKEN;
    }
    if (isUp()) {
      return State.UP;
    }
    return latest == null ? State.OUT : latest.state();
  }

  /** What it, or the call of it, said last; null while calls go through. */
  public @Nullable String cause() {
    Trouble latest = trouble;
    return isUp() || latest == null ? null : latest.cause();
  }

  /** Runs the listener, in the thread of the probe, whenever this system answers again. */
  public void onRecovery(Runnable listener) {
    recoveryListeners.add(listener);
  }

  /**
   * While this system is out: whether one event may be claimed now to see if it is back. The next
   * one may be after the probe interval.
   */
  public synchronized boolean takeProbe() {
    Instant now = clock.instant();
    if (isUp() || now.isBefore(nextProbeAt)) {
      return false;
    }
    nextProbeAt = now.plus(probeEvery);
    return true;
  }

  /**
   * Makes a call, unless the breaker is open.
   *
   * @throws RemoteException.BreakerOpen if the breaker is open
   * @throws RemoteException what the call throws
   */
  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    if (!breaker.tryAcquirePermission()) {
      throw new RemoteException.BreakerOpen(name);
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
    switch (failure.diagnosis()) {
      case ANSWERED -> {
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        trouble = null;
      }
      case NOT_ASKED, UNKNOWN -> breaker.releasePermission();
      case OUTAGE -> {
        trouble = new Trouble(State.OUT, cause);
        Duration retryAfter = failure.retryAfter();
        if (retryAfter == null || retryAfter.isZero() || retryAfter.isNegative()) {
          breaker.onError(nanos, TimeUnit.NANOSECONDS, failure);
        } else {
          leaveAlone(retryAfter);
        }
      }
      case TOKEN_REFUSED -> {
        trouble = new Trouble(State.REFUSED, cause);
        if (openAtOnce(failure, nanos)) {
          LOGGER.error("{} refuses our token; events wait until it is mended: {}", name, cause);
        }
      }
      case NO_TOKEN -> {
        trouble = new Trouble(State.NO_TOKEN, cause);
        if (openAtOnce(failure, nanos)) {
          LOGGER.warn("{} has no token yet; events wait until one is set", name);
        }
      }
    }
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
              "{} is out: its breaker is open, one event probes every {}", name, probeEvery);
        }
      }
      case CLOSED -> {
        LOGGER.info("{} answers again: its breaker is closed", name);
        recoveryListeners.forEach(Runnable::run);
      }
      case HALF_OPEN, DISABLED, METRICS_ONLY, FORCED_OPEN -> {
        // The probe is under way; the other states are never used here.
      }
    }
  }
}

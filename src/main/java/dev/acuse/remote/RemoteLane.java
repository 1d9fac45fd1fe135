package dev.acuse.remote;

import dev.acuse.remote.RemoteSystem.State;
import org.jspecify.annotations.Nullable;

/**
 * The calls of another system that one token makes: they pass the system's breaker, which all lanes
 * share, then the lane's own, which a refused token and too many requests open, and then its rate.
 * Thread-safe.
 */
public final class RemoteLane implements Guard {
  private final String code;
  private final Breaker system;
  private final Breaker own;
  private final Rate rate;
  private final Guard series;
  private volatile boolean lacksToken;

  RemoteLane(String code, Breaker system, Breaker own, Rate rate) {
    this.code = code;
    this.system = system;
    this.own = own;
    this.rate = rate;
    this.series = system.then(own).then(rate);
  }

  /** As events have it. */
  public String code() {
    return code;
  }

  @Override
  public <T extends @Nullable Object> T call(Exchange<T> exchange) throws RemoteException {
    return series.call(exchange);
  }

  /** Whether neither breaker is open. */
  @Override
  public boolean isUp() {
    return system.isUp() && own.isUp();
  }

  /** Whether the lane's own breaker is closed. */
  public boolean isOwnUp() {
    return own.isUp();
  }

  /** Says that no token is set, before any call is made in vain. */
  public void lacksToken() {
    lacksToken = true;
  }

  /**
   * Its token was replaced: what the one before was answered says nothing any more, and what waits
   * for the lane may be tried.
   */
  public void renewed() {
    lacksToken = false;
    own.reset();
  }

  /** How it stands with the lane by itself; that the system is out is the system's. */
  public State ownState() {
    return lacksToken ? State.NO_TOKEN : own.state();
  }

  /** What the latest call of the lane was answered; null while its own breaker is closed. */
  public @Nullable String ownCause() {
    return own.cause();
  }

  /** How many calls may be made, and when. */
  public Rate rate() {
    return rate;
  }

  /** While its own breaker is open: whether one event may be claimed now to see if it closes. */
  public boolean takeProbe() {
    return own.takeProbe();
  }

  /** Whether {@link #takeProbe} would take one. */
  public boolean isProbeDue() {
    return own.isProbeDue();
  }

  void onRecovery(Runnable listener) {
    own.onRecovery(listener);
  }
}

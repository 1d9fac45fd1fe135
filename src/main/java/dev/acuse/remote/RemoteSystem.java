package dev.acuse.remote;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Another system that handlers call, and how it stands with it. Its breaker opens when too many
 * calls meet an outage, whichever lane they are of. Each lane has a breaker and a rate of its own
 * behind that ({@link RemoteLane}). Thread-safe.
 */
public final class RemoteSystem {
  /** How it stands with a system, as this process knows it. */
  public enum State {
    /** Calls go through. */
    UP,
    /** No token for it is set yet. */
    NO_TOKEN,
    /** It is out, or something that stands before it answers in its place. */
    OUT,
    /** It refuses us, whatever is asked. */
    REFUSED;

    /** The word used in the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String name;
  private final int failures;
  private final Duration probeEvery;
  private final Clock clock;
  private final Function<String, Rate> rates;
  private final Breaker breaker;
  private final Map<String, RemoteLane> lanes = new ConcurrentSkipListMap<>();
  private volatile Set<String> held = Set.of();
  private final List<Consumer<String>> laneListeners = new CopyOnWriteArrayList<>();

  /** A system whose lanes have no rate. */
  public RemoteSystem(String name, int failures, Duration probeEvery, Clock clock) {
    this(name, failures, probeEvery, clock, code -> Rate.UNLIMITED);
  }

  /**
   * @param name as it stands in the API, in metrics and logs
   * @param failures of the last ten calls, at which a breaker opens; 1 to 10
   * @param probeEvery how often a call is let through while one is open
   * @param rates makes a new lane's rate, by its code
   */
  public RemoteSystem(
      String name, int failures, Duration probeEvery, Clock clock, Function<String, Rate> rates) {
    this.name = name;
    this.failures = failures;
    this.probeEvery = probeEvery;
    this.clock = clock;
    this.rates = rates;
    this.breaker = new Breaker(name, "", Breaker.Concern.SYSTEM, failures, probeEvery, clock);
  }

  /** As it stands in the API, in metrics and logs. */
  public String name() {
    return name;
  }

  /** The lane with this code; the first who asks makes it. */
  public RemoteLane lane(String code) {
    return lanes.computeIfAbsent(code, this::newLane);
  }

  private RemoteLane newLane(String code) {
    String where = " in lane " + code;
    var own = new Breaker(name, where, Breaker.Concern.LANE, failures, probeEvery, clock);
    var lane = new RemoteLane(code, breaker, own, rates.apply(code));
    lane.onRecovery(() -> laneListeners.forEach(listener -> listener.accept(code)));
    return lane;
  }

  /** The lane with this code, if it was asked for before. */
  Optional<RemoteLane> known(String code) {
    return Optional.ofNullable(lanes.get(code));
  }

  /** Forgets all lanes but these: no account asks for the others any more. */
  public void keepOnly(Set<String> codes) {
    lanes.keySet().retainAll(codes);
  }

  /** Holds these lanes back and no others, as those of accounts that are paused. */
  public void hold(Set<String> codes) {
    held = Set.copyOf(codes);
  }

  /** The lanes that are held back, by their codes. */
  public Set<String> held() {
    return held;
  }

  /** Whether an operator holds this lane back: what waits in it waits by right. */
  public boolean isHeld(String code) {
    return held.contains(code);
  }

  /** The lanes that were asked for so far. */
  public List<RemoteLane> lanes() {
    return List.copyOf(lanes.values());
  }

  /** Whether the system itself answers, whatever it says to a single lane. */
  public boolean answers() {
    return breaker.isUp();
  }

  /** Whether the calls of all its lanes go through. */
  public boolean isUp() {
    return answers() && lanes.values().stream().allMatch(RemoteLane::isOwnUp);
  }

  /** How it stands with it: that it is out, or else the worst of its lanes. */
  public State state() {
    Optional<RemoteLane> worst = worst();
    if (!answers()) {
      return breaker.state();
    }
    return worst.map(RemoteLane::ownState).orElse(State.UP);
  }

  /** What it, or the call of it, said last; null while calls go through. */
  public @Nullable String cause() {
    return answers() ? worst().map(RemoteLane::ownCause).orElse(null) : breaker.cause();
  }

  private Optional<RemoteLane> worst() {
    return lanes.values().stream().max(Comparator.comparing(RemoteLane::ownState));
  }

  /** Runs the listener, in the thread of the probe, whenever the system answers again. */
  public void onRecovery(Runnable listener) {
    breaker.onRecovery(listener);
  }

  /** Tells the listener the code of a lane whose own breaker closes, in the probe's thread. */
  public void onLaneRecovery(Consumer<String> listener) {
    laneListeners.add(listener);
  }

  /**
   * While this system is out: whether one event may be claimed now, of any lane, to see if it is
   * back. The next one may be after the probe interval.
   */
  public boolean takeProbe() {
    return breaker.takeProbe();
  }

  /** Whether {@link #takeProbe} would take one. */
  public boolean isProbeDue() {
    return breaker.isProbeDue();
  }

  /** The lanes whose own breaker is open and may be probed now. */
  public List<RemoteLane> lanesToProbe() {
    List<RemoteLane> due = new ArrayList<>();
    for (RemoteLane lane : lanes.values()) {
      if (lane.isProbeDue()) {
        due.add(lane);
      }
    }
    return due;
  }
}

package dev.acuse.dispatch;

import dev.acuse.event.Lane;
import dev.acuse.event.LaneKind;
import dev.acuse.event.WebhookEvent;
import dev.acuse.remote.Rate;
import dev.acuse.remote.RemoteLane;
import dev.acuse.remote.RemoteSystem;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the lanes: which system each calls, and so how many of its events may be
 * claimed. Thread-safe.
 */
public final class Lanes {
  private final List<RemoteSystem> systems;
  private final Set<String> effectKinds;
  private final Predicate<Lane> paused;
  private final Map<LaneKind, RemoteSystem> byKind = new EnumMap<>(LaneKind.class);

  /** Lanes of which none is paused. */
  public Lanes(List<RemoteSystem> systems, Set<String> effectKinds) {
    this(systems, effectKinds, lane -> false);
  }

  /**
   * @param systems by whose names the kinds of lanes are known; a kind without one has no limit
   * @param effectKinds the kinds of effects that are worked off, as in {@code event_type}
   * @param paused lanes that nothing is claimed from; must not block
   */
  public Lanes(List<RemoteSystem> systems, Set<String> effectKinds, Predicate<Lane> paused) {
    this.systems = List.copyOf(systems);
    this.effectKinds = Set.copyOf(effectKinds);
    this.paused = paused;
    for (LaneKind kind : LaneKind.values()) {
      for (RemoteSystem system : systems) {
        if (system.name().equals(kind.system())) {
          byKind.put(kind, system);
        }
      }
    }
  }

  /** All systems, in the order that they are told of. */
  public List<RemoteSystem> systems() {
    return systems;
  }

  Set<String> effectKinds() {
    return effectKinds;
  }

  /** Whether this version works the lane's events off at all. */
  static boolean isKnown(Lane lane) {
    return lane.kind().isWorkedOff();
  }

  /** Whether an operator has stopped its claims, as those of an account's lanes. */
  boolean isPaused(Lane lane) {
    RemoteSystem system = system(lane.kind());
    return paused.test(lane) || (system != null && system.isHeld(lane.code()));
  }

  /**
   * Whether an event is of an account whose lanes are held back. It may have been claimed of a lane
   * that others use too, if its account was paused a moment ago.
   */
  boolean isHeld(WebhookEvent event) {
    return isPaused(event.lane()) || isPaused(Lane.mercadoPago(event.accountId()));
  }

  /** The lanes that are held back, by their codes. */
  Set<String> held() {
    return systems.stream().flatMap(system -> system.held().stream()).collect(Collectors.toSet());
  }

  /** The system that a kind of lane calls; null if it is none of these. */
  @Nullable RemoteSystem system(LaneKind kind) {
    return byKind.get(kind);
  }

  /** The kind of lanes that call a system; empty if none does. */
  Optional<LaneKind> kind(RemoteSystem system) {
    return byKind.entrySet().stream()
        .filter(entry -> entry.getValue() == system)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Optional<RemoteLane> remote(Lane lane) {
    RemoteSystem system = system(lane.kind());
    return system == null ? Optional.empty() : Optional.of(system.lane(lane.code()));
  }

  /** Whether the calls of a lane go through: neither its breaker nor its system's is open. */
  boolean isUp(Lane lane) {
    return remote(lane).map(RemoteLane::isUp).orElse(true);
  }

  /** Whether calls of a system go through that are no lane's. */
  boolean isUp(String system) {
    return systems.stream().filter(one -> one.name().equals(system)).allMatch(RemoteSystem::isUp);
  }

  /**
   * How many of its events may be claimed as far as its breakers and its rate go: 0 while one of
   * these holds it back.
   */
  int allowance(Lane lane) {
    if (!isKnown(lane) || isPaused(lane) || !isUp(lane)) {
      return 0;
    }
    return remote(lane).map(one -> one.rate().available()).orElse(Integer.MAX_VALUE);
  }

  /** So many events of it were claimed. */
  void claimed(Lane lane, int events) {
    remote(lane).map(RemoteLane::rate).ifPresent(rate -> rate.claimed(events));
  }

  /**
   * How long until its rate has room again; zero if nothing but its rate can hold it back and has
   * room; null if something else holds it back.
   */
  @Nullable Duration untilRoom(Lane lane) {
    if (!isKnown(lane) || isPaused(lane) || !isUp(lane)) {
      return null;
    }
    return remote(lane).map(RemoteLane::rate).map(Rate::untilNext).orElse(Duration.ZERO);
  }
}

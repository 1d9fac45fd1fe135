package dev.acuse.remote;

import dev.acuse.remote.RemoteSystem.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with another system, as some of its callers see it.
 *
 * @param isUp whether calls go through; that a token is missing is not known before one was tried
 * @param cause what it said last, while calls don't go through; null if nothing is known
 */
public record Standing(String name, State state, boolean isUp, @Nullable String cause) {

  /** Of all its lanes: that it is out, or else the worst of them. */
  public static Standing of(RemoteSystem system) {
    return new Standing(system.name(), system.state(), system.isUp(), system.cause());
  }

  /** Of the system itself, whatever it says to a single lane. */
  public static Standing ofItself(RemoteSystem system) {
    return system.answers() ? new Standing(system.name(), State.UP, true, null) : of(system);
  }

  /** The worst of these lanes by themselves; that the system is out is the system's. */
  public static Standing ofLanes(RemoteSystem system, Collection<String> codes) {
    List<RemoteLane> lanes = codes.stream().flatMap(code -> system.known(code).stream()).toList();
    Optional<RemoteLane> worst = lanes.stream().max(Comparator.comparing(RemoteLane::ownState));
    return new Standing(
        system.name(),
        worst.map(RemoteLane::ownState).orElse(State.UP),
        lanes.stream().allMatch(RemoteLane::isOwnUp),
        worst.map(RemoteLane::ownCause).orElse(null));
  }

  /**
   * As callers by these lanes see it: that it is out, or else the worst of them. What it said when
   * it went out is left out, because it may have said that of another's call.
   */
  public static Standing forLanes(RemoteSystem system, Collection<String> codes) {
    return system.answers()
        ? ofLanes(system, codes)
        : new Standing(system.name(), system.state(), false, null);
  }
}

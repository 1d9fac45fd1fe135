package dev.acuse.inbox;

import dev.acuse.event.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a dispatcher asks for when it claims. What this version has no words for is never part of a
 * claim: an origin or a kind of effect of a newer one.
 *
 * @param owner who will hold the leases
 * @param shares from which lanes, and how many of each; empty for {@link Kind#ALONE}, which goes
 *     across lanes
 * @param lease how long the leases last unless renewed
 * @param effectKinds the kinds of effects that may be claimed, as in {@code event_type}
 * @param heldLanes lanes that nothing is claimed from, by their codes; counts for {@link
 *     Kind#ALONE}, because the others name their lanes
 */
public record ClaimRequest(
    String owner,
    List<LaneShare> shares,
    Duration lease,
    Set<String> effectKinds,
    Set<String> heldLanes,
    Kind kind) {

  /** Which events are claimed. */
  public enum Kind {
    /** What is due. */
    DUE,
    /** One that is due, or waits for an outage to end: is it over? */
    PROBE,
    /**
     * One that was twice lost to a dying process, which must run by itself. Such an event is never
     * part of another claim.
     */
    ALONE
  }

  /**
   * How often an event may be lost with its process before it is claimed alone. An index is made
   * for this number.
   */
  public static final int RESCUES_BEFORE_ALONE = 2;

  public ClaimRequest {
    shares = List.copyOf(shares);
    effectKinds = Set.copyOf(effectKinds);
    heldLanes = Set.copyOf(heldLanes);
  }

  /** Due events of these lanes. */
  public static ClaimRequest due(
      String owner, List<LaneShare> shares, Duration lease, Set<String> effectKinds) {
    return new ClaimRequest(owner, shares, lease, effectKinds, Set.of(), Kind.DUE);
  }

  /** One event of the lane, due or waiting: does the other side answer again? */
  public static ClaimRequest probe(
      String owner, Lane lane, Duration lease, Set<String> effectKinds) {
    return new ClaimRequest(
        owner, List.of(new LaneShare(lane, 1)), lease, effectKinds, Set.of(), Kind.PROBE);
  }

  /** One event that may kill the process, so that it takes no other with it. */
  public static ClaimRequest alone(
      String owner, Duration lease, Set<String> effectKinds, Set<String> heldLanes) {
    return new ClaimRequest(owner, List.of(), lease, effectKinds, heldLanes, Kind.ALONE);
  }
}

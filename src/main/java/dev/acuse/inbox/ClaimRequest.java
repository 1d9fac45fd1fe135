package dev.acuse.inbox;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher asks for when it claims.
 *
 * @param owner who will hold the leases
 * @param limit at most so many events
 * @param lease how long the leases last unless renewed
 * @param heldBack downstreams that are out: events that wait for one of them stay where they are
 * @param probeFor if set, one event that waits for this downstream, whether it is due or not
 * @param alone whether to take an event that was twice lost to a dying process, which must run by
 *     itself; such events are never part of an ordinary claim
 */
public record ClaimRequest(
    String owner,
    int limit,
    Duration lease,
    Set<String> heldBack,
    @Nullable String probeFor,
    boolean alone) {

  /**
   * How often an event may be lost with its process before it is claimed alone. An index is made
   * for this number.
   */
  public static final int RESCUES_BEFORE_ALONE = 2;

  /** Due events, but for those that wait for a downstream that is out. */
  public static ClaimRequest due(String owner, int limit, Duration lease, Set<String> heldBack) {
    return new ClaimRequest(owner, limit, lease, Set.copyOf(heldBack), null, false);
  }

  /** One event that waits for the downstream: is it back? */
  public static ClaimRequest probe(String owner, Duration lease, String downstream) {
    return new ClaimRequest(owner, 1, lease, Set.of(), downstream, false);
  }

  /** One event that may kill the process, so that it takes no other with it. */
  public static ClaimRequest alone(String owner, Duration lease) {
    return new ClaimRequest(owner, 1, lease, Set.of(), null, true);
  }
}

package dev.acuse.support;

import dev.acuse.event.Lane;
import dev.acuse.inbox.ClaimRequest;
import dev.acuse.inbox.LaneShare;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What tests claim. */
public final class Claims {
  /** The kinds of effects that this version knows. */
  public static final Set<String> KINDS = Set.of("tag", "find_contact");

  private Claims() {}

  /** So many due events of the lane that there always is. */
  public static ClaimRequest due(String owner, int limit, Duration lease) {
    return due(owner, limit, lease, Lane.MAIN);
  }

  /** So many due events of each of these lanes. */
  public static ClaimRequest due(String owner, int limit, Duration lease, Lane... lanes) {
    List<LaneShare> shares = List.of(lanes).stream().map(l -> new LaneShare(l, limit)).toList();
    return ClaimRequest.due(owner, shares, lease, KINDS);
  }

  /** One event of the lane, due or waiting. */
  public static ClaimRequest probe(String owner, Duration lease, Lane lane) {
    return ClaimRequest.probe(owner, lane, lease, KINDS);
  }

  /** One event that must run by itself. */
  public static ClaimRequest alone(String owner, Duration lease) {
    return ClaimRequest.alone(owner, lease, KINDS, Set.of());
  }
}

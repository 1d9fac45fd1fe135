package dev.acuse.sandbox.gohighlevel;

import dev.acuse.sandbox.http.Caller;
import dev.acuse.sandbox.http.Callers;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.RequestLog;
import dev.acuse.sandbox.http.Tokens;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Every location and whose each token is. Thread-safe. */
final class Locations implements Callers {
  private final long seed;
  private final InstantSource clock;
  private final Supplier<RequestLog> log;
  private final Tokens<SandboxLocation> tokens = new Tokens<>();
  private final Set<String> agencyTokens = ConcurrentHashMap.newKeySet();
  private final Map<String, SandboxLocation> locations = new LinkedHashMap<>();

  /** Calls with tokens of no location must not use a location's limit up. */
  private final RateWindow rateOfStrangers;

  /**
   * @param seed of the locations' random faults
   * @param log of the server, once there is one
   */
  Locations(long seed, InstantSource clock, Supplier<RequestLog> log) {
    this.seed = seed;
    this.clock = clock;
    this.log = log;
    this.rateOfStrangers = new RateWindow(clock);
  }

  /** The location of this id; without one a new one, whose token is {@code pit-sandbox-<id>}. */
  SandboxLocation findOrMake(String id) {
    return findOrMake(id, "Location " + id, "pit-sandbox-" + id);
  }

  /** The location of this id with one more token, or a new one with this token alone. */
  synchronized SandboxLocation findOrMake(String id, String token) {
    return findOrMake(id, "Location " + id, token).token(token);
  }

  synchronized SandboxLocation findOrMake(String id, String name, String token) {
    SandboxLocation known = locations.get(id);
    if (known != null) {
      return known;
    }
    var location = new SandboxLocation(id, name, tokens, seed + locations.size(), clock, log);
    tokens.add(token, location);
    locations.put(id, location);
    return location;
  }

  synchronized Optional<SandboxLocation> find(String id) {
    return Optional.ofNullable(locations.get(id));
  }

  synchronized List<SandboxLocation> all() {
    return List.copyOf(locations.values());
  }

  void addAgencyToken(String token) {
    agencyTokens.add(token);
  }

  boolean isAgencys(Request request) {
    String token = request.bearer();
    return token != null && agencyTokens.contains(token);
  }

  /** The location that may call with the request's token. */
  Optional<SandboxLocation> caller(Request request) {
    return Optional.ofNullable(request.bearer()).flatMap(tokens::caller);
  }

  /** The location that the request's token is or was of. */
  private Optional<SandboxLocation> sender(Request request) {
    return Optional.ofNullable(request.bearer()).flatMap(tokens::account);
  }

  @Override
  public Optional<Caller> of(Request request) {
    return sender(request).map(location -> new Caller(location.id(), location.faults()));
  }

  RateWindow rate(Request request) {
    return sender(request).map(SandboxLocation::rate).orElse(rateOfStrangers);
  }

  /** Whether a contact of this id was added to another location. */
  boolean anyOtherAdded(String contactId, SandboxLocation caller) {
    return all().stream()
        .anyMatch(location -> location != caller && location.contacts().wasAdded(contactId));
  }
}

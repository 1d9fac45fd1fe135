package dev.acuse.sandbox.gohighlevel;

import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.JsonServer;
import dev.acuse.sandbox.http.RequestLog;
import dev.acuse.sandbox.http.SandboxRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A GoHighLevel on this machine: locations, their contacts and the contacts' tags. One location is
 * there from the start, and what this class does without naming a location is of that one.
 * Thread-safe.
 */
public final class SandboxGoHighLevel {
  /** Keeps the chances of locations' faults from being those of a server's. */
  private static final long FAULTS_APART = 1_000;

  private final Locations locations;
  private final SandboxLocation first;
  private final Faults faults;
  private final JsonServer server;

  /**
   * Not listening yet.
   *
   * @param port 0 for a free one
   * @param token that requests for the first location must bring
   * @param locationId the first location
   */
  public SandboxGoHighLevel(
      int port,
      String token,
      String locationId,
      long seed,
      InstantSource clock,
      ExecutorService threads) {
    this.locations = new Locations(seed + FAULTS_APART, clock, this::log);
    this.first = locations.findOrMake(locationId, "Sandbox", token);
    this.faults = new Faults(seed);
    this.server =
        new JsonServer(
            port,
            new GoHighLevelRoutes(locations),
            GoHighLevelErrors::of,
            faults,
            locations,
            threads);
  }

  private RequestLog log() {
    return server.log();
  }

  /** The location that is there from the start. */
  public SandboxLocation location() {
    return first;
  }

  /** The location of this id; a new one, with the token {@code pit-sandbox-<id>}, if it's new. */
  public SandboxLocation location(String id) {
    return locations.findOrMake(id);
  }

  /**
   * The location of this id, with this token beside those that it has; a new one has no other.
   *
   * @throws IllegalStateException if another location has, or had, this token; none is made then
   */
  public SandboxLocation location(String id, String token) {
    return locations.findOrMake(id, token);
  }

  /** The location of this id, if there is one. */
  public Optional<SandboxLocation> findLocation(String id) {
    return locations.find(id);
  }

  /** Every location, the first one first. */
  public List<SandboxLocation> locations() {
    return locations.all();
  }

  /** A token of an agency: calls with it are told that they lack the scope. */
  public void agencyToken(String token) {
    locations.addAgencyToken(token);
  }

  /** Where it listens, without a slash at the end. */
  public URI url() {
    return server.url();
  }

  /** What goes wrong here. */
  public Faults faults() {
    return faults;
  }

  /** Refuses connections, as a host whose process is gone, until {@link #startListening}. */
  public void stopListening() {
    server.stopListening();
  }

  /** Listens on the same port again. */
  public void startListening() {
    server.listen();
  }

  /** A contact of the first location, without tags. */
  public void addContact(String id, @Nullable String email) {
    first.addContact(id, email);
  }

  /** The same, with further addresses beside the first. */
  public void addContact(String id, @Nullable String email, List<String> additionalEmails) {
    first.addContact(id, email, additionalEmails);
  }

  /** A contact that the first location's token may not touch. */
  public void addContactOfLocation(String id, String otherLocationId) {
    first.deleteContact(id);
    location(otherLocationId).addContact(id, null);
  }

  /** Forgets a contact; its calls remain. */
  public void deleteContact(String id) {
    first.deleteContact(id);
  }

  /** Whether a contact that nobody added exists once it is asked for. Off at first. */
  public void createUnknownContacts(boolean create) {
    first.createUnknownContacts(create);
  }

  /** Whether the 101st request within 10 seconds is answered with 429. Off at first. */
  public void enforceRateLimit(boolean enforce) {
    first.enforceRateLimit(enforce);
  }

  /** The contact's tags in the order in which they were added; none if there is no contact. */
  public List<String> tagsOf(String contactId) {
    return first.tagsOf(contactId);
  }

  /** Every call that was carried out, oldest first, including those whose answer was lost. */
  public List<TagCall> tagCalls() {
    return first.tagCalls();
  }

  /** The calls for one contact. */
  public List<TagCall> tagCalls(String contactId) {
    return first.tagCalls(contactId);
  }

  /** How many requests came for a path or for one below it, answered or not. */
  public long requestCount(String path) {
    return server.log().count(path);
  }

  /** How many of them brought this token, good or not; {@code /} for all paths. */
  public long requestCount(String token, String path) {
    return server.log().count(token, path);
  }

  /** The latest requests, at most 10,000. */
  public List<SandboxRequest> requests() {
    return server.log().latest();
  }

  /** Begins to listen. */
  public void start() {
    server.listen();
  }

  /** How many contacts there are, in all locations. */
  public int contactCount() {
    return locations().stream().mapToInt(SandboxLocation::contactCount).sum();
  }
}

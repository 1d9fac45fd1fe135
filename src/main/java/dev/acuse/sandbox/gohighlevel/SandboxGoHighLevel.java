package dev.acuse.sandbox.gohighlevel;

import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.JsonServer;
import dev.acuse.sandbox.http.SandboxRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** A GoHighLevel on this machine: contacts and their tags. Thread-safe. */
public final class SandboxGoHighLevel {
  private final Contacts contacts;
  private final RateWindow rate;
  private final Faults faults;
  private final JsonServer server;
  private final String locationId;

  /**
   * Not listening yet.
   *
   * @param port 0 for a free one
   * @param token that requests must bring
   * @param locationId the sub-account of the token
   */
  public SandboxGoHighLevel(
      int port,
      String token,
      String locationId,
      long seed,
      InstantSource clock,
      ExecutorService threads) {
    this.locationId = locationId;
    this.contacts = new Contacts(locationId, clock);
    this.rate = new RateWindow(clock);
    this.faults = new Faults(seed);
    this.server =
        new JsonServer(
            port,
            new GoHighLevelRoutes(contacts, rate, token, locationId),
            GoHighLevelErrors::of,
            faults,
            threads);
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

  /** A contact of the token's location, without tags. */
  public void addContact(String id, @Nullable String email) {
    contacts.add(id, locationId, email, List.of());
  }

  /** The same, with further addresses beside the first. */
  public void addContact(String id, @Nullable String email, List<String> additionalEmails) {
    contacts.add(id, locationId, email, additionalEmails);
  }

  /** A contact that the token may not touch. */
  public void addContactOfLocation(String id, String otherLocationId) {
    contacts.add(id, otherLocationId, null, List.of());
  }

  /** Forgets a contact; its calls remain. */
  public void deleteContact(String id) {
    contacts.remove(id);
  }

  /** Whether a contact that nobody added exists once it is asked for. Off at first. */
  public void createUnknownContacts(boolean create) {
    contacts.createUnknown(create);
  }

  /** Whether the 101st request within 10 seconds is answered with 429. Off at first. */
  public void enforceRateLimit(boolean enforce) {
    rate.enforce(enforce);
  }

  /** The contact's tags in the order in which they were added; none if there is no contact. */
  public List<String> tagsOf(String contactId) {
    return contacts.tagsOf(contactId);
  }

  /** Every call that was carried out, oldest first, including those whose answer was lost. */
  public List<TagCall> tagCalls() {
    return contacts.calls();
  }

  /** The calls for one contact. */
  public List<TagCall> tagCalls(String contactId) {
    return contacts.calls().stream().filter(call -> call.contactId().equals(contactId)).toList();
  }

  /** How many requests came for a path or for one below it, answered or not. */
  public long requestCount(String path) {
    return server.log().count(path);
  }

  /** The latest requests, at most 10,000. */
  public List<SandboxRequest> requests() {
    return server.log().latest();
  }

  /** Begins to listen. */
  public void start() {
    server.listen();
  }

  /** How many contacts there are. */
  public int contactCount() {
    return contacts.size();
  }
}

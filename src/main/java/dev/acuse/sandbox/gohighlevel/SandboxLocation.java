package dev.acuse.sandbox.gohighlevel;

import dev.acuse.sandbox.http.Faults;
import dev.acuse.sandbox.http.RequestLog;
import dev.acuse.sandbox.http.Tokens;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A location (sub-account) of the sandbox's GoHighLevel: its tokens, contacts, limits and faults
 * are apart from those of every other, and two locations may have a contact of one id. Thread-safe.
 */
public final class SandboxLocation {
  private final String id;
  private final String name;
  private final Tokens<SandboxLocation> tokens;
  private final Supplier<RequestLog> log;
  private final Contacts contacts;
  private final RateWindow rate;
  private final Faults faults;

  SandboxLocation(
      String id,
      String name,
      Tokens<SandboxLocation> tokens,
      long seed,
      InstantSource clock,
      Supplier<RequestLog> log) {
    this.id = id;
    this.name = name;
    this.tokens = tokens;
    this.log = log;
    this.contacts = new Contacts(id, clock);
    this.rate = new RateWindow(clock);
    this.faults = new Faults(seed);
  }

  /** GoHighLevel's id of it. */
  public String id() {
    return id;
  }

  /** What people call it. */
  public String name() {
    return name;
  }

  /**
   * Makes one more token good, as GoHighLevel does that lets the old one live on for seven days.
   *
   * @throws IllegalStateException if another location has, or had, this token
   */
  public SandboxLocation token(String token) {
    tokens.add(token, this);
    return this;
  }

  /**
   * The newest good token.
   *
   * @throws IllegalStateException if all are revoked
   */
  public String token() {
    List<String> good = tokens.good(this);
    if (good.isEmpty()) {
      throw new IllegalStateException("location " + id + " has no good token");
    }
    return good.get(good.size() - 1);
  }

  /** Every good token, the newest last. */
  public List<String> tokens() {
    return tokens.good(this);
  }

  /** Makes this the only good token. */
  public SandboxLocation replaceToken(String token) {
    tokens.revokeAll(this);
    return token(token);
  }

  /**
   * From now on calls with this token are answered 401.
   *
   * @throws IllegalStateException if the location does not have it
   */
  public SandboxLocation revoke(String token) {
    tokens.revoke(token, this);
    return this;
  }

  /** From now on every call with a token of this location is answered 401. */
  public SandboxLocation revokeAll() {
    tokens.revokeAll(this);
    return this;
  }

  /** What goes wrong with calls of this location's tokens, beside the server's own faults. */
  public Faults faults() {
    return faults;
  }

  /** Whether calls beyond the limits are answered with 429. Off at first. */
  public SandboxLocation enforceRateLimit(boolean enforce) {
    rate.enforce(enforce);
    return this;
  }

  /**
   * Other limits than GoHighLevel's 100 and 200,000.
   *
   * @param inInterval requests in 10 seconds
   * @param daily requests in a day of UTC
   */
  public SandboxLocation rateLimit(int inInterval, int daily) {
    rate.limit(inInterval, daily);
    return this;
  }

  /** Adds a contact without tags. */
  public SandboxLocation addContact(String contactId, @Nullable String email) {
    return addContact(contactId, email, List.of());
  }

  /** The same, with further addresses beside the first. */
  public SandboxLocation addContact(
      String contactId, @Nullable String email, List<String> additionalEmails) {
    contacts.add(contactId, email, additionalEmails);
    return this;
  }

  /** Forgets a contact; its calls remain. */
  public void deleteContact(String contactId) {
    contacts.remove(contactId);
  }

  /**
   * Whether a contact that no location was given exists once this one is asked for it. Off at
   * first.
   */
  public SandboxLocation createUnknownContacts(boolean create) {
    contacts.createUnknown(create);
    return this;
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

  /** How many contacts there are. */
  public int contactCount() {
    return contacts.size();
  }

  /**
   * How many requests brought a token of this location, good or revoked, to a path or to one below
   * it, answered or not; {@code /} for all.
   */
  public long requestCount(String path) {
    return tokens.all(this).stream().mapToLong(token -> log.get().count(token, path)).sum();
  }

  Contacts contacts() {
    return contacts;
  }

  RateWindow rate() {
    return rate;
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "SandboxLocation[" + id + "]";
  }
}

package dev.acuse.sandbox.gohighlevel;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of one location and their tags, in memory. Thread-safe: one lock, no I/O under it.
 */
final class Contacts {
  /** A contact as it is now. */
  record Contact(
      String id,
      String locationId,
      @Nullable String email,
      List<String> additionalEmails,
      List<String> tags) {}

  private static final class Entry {
    private final @Nullable String email;
    private final List<String> additionalEmails;
    private final boolean added;
    private final Set<String> tags = new LinkedHashSet<>();

    Entry(@Nullable String email, List<String> additionalEmails, boolean added) {
      this.added = added;
      this.email = email;
      this.additionalEmails = List.copyOf(additionalEmails);
    }

    boolean has(String address) {
      return address.equalsIgnoreCase(email)
          || additionalEmails.stream().anyMatch(address::equalsIgnoreCase);
    }
  }

  private final String locationId;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<TagCall> calls = new ArrayList<>();
  private boolean createUnknown;

  Contacts(String locationId, InstantSource clock) {
    this.locationId = locationId;
    this.clock = clock;
  }

  synchronized void add(String id, @Nullable String email, List<String> additionalEmails) {
    entries.put(id, new Entry(email, additionalEmails, true));
  }

  synchronized void remove(String id) {
    entries.remove(id);
  }

  synchronized void createUnknown(boolean create) {
    createUnknown = create;
  }

  /** Whether it was added, and did not come into being because it was asked for. */
  synchronized boolean wasAdded(String id) {
    Entry entry = entries.get(id);
    return entry != null && entry.added;
  }

  /** The contact; one that nobody has is made if this location makes such. */
  synchronized Optional<Contact> findOrCreate(String id) {
    if (createUnknown) {
      entries.computeIfAbsent(id, unknown -> new Entry(null, List.of(), false));
    }
    return find(id);
  }

  synchronized Optional<Contact> find(String id) {
    Entry entry = entries.get(id);
    return entry == null ? Optional.empty() : Optional.of(view(id, entry));
  }

  synchronized Optional<Contact> findByEmail(String email) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().has(email))
        .findFirst()
        .map(entry -> view(entry.getKey(), entry.getValue()));
  }

  /** Adds or removes tags and records the call; empty if the contact is gone. */
  synchronized Optional<TagCall> tag(String id, boolean add, List<String> tags) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return Optional.empty();
    }
    List<String> changed =
        tags.stream().filter(tag -> add ? entry.tags.add(tag) : entry.tags.remove(tag)).toList();
    var call = new TagCall(locationId, id, add, tags, changed, clock.instant());
    calls.add(call);
    return Optional.of(call);
  }

  synchronized List<String> tagsOf(String id) {
    Entry entry = entries.get(id);
    return entry == null ? List.of() : List.copyOf(entry.tags);
  }

  synchronized List<TagCall> calls() {
    return List.copyOf(calls);
  }

  synchronized int size() {
    return entries.size();
  }

  private Contact view(String id, Entry entry) {
    return new Contact(
        id, locationId, entry.email, entry.additionalEmails, List.copyOf(entry.tags));
  }
}

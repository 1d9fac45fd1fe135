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

/** Contacts and their tags, in memory. Thread-safe: one lock, no I/O under it. */
final class Contacts {
  /** A contact as it is now. */
  record Contact(
      String id,
      String locationId,
      @Nullable String email,
      List<String> additionalEmails,
      List<String> tags) {}

  private static final class Entry {
    private final String locationId;
    private final @Nullable String email;
    private final List<String> additionalEmails;
    private final Set<String> tags = new LinkedHashSet<>();

    Entry(String locationId, @Nullable String email, List<String> additionalEmails) {
      this.locationId = locationId;
      this.email = email;
      this.additionalEmails = List.copyOf(additionalEmails);
    }

    boolean has(String address) {
      return address.equalsIgnoreCase(email)
          || additionalEmails.stream().anyMatch(address::equalsIgnoreCase);
    }
  }

  private final String ownLocation;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final List<TagCall> calls = new ArrayList<>();
  private boolean createUnknown;

  Contacts(String ownLocation, InstantSource clock) {
    this.ownLocation = ownLocation;
    this.clock = clock;
  }

  synchronized void add(
      String id, String locationId, @Nullable String email, List<String> additionalEmails) {
    entries.put(id, new Entry(locationId, email, additionalEmails));
  }

  synchronized void remove(String id) {
    entries.remove(id);
  }

  synchronized void createUnknown(boolean create) {
    createUnknown = create;
  }

  synchronized Optional<Contact> find(String id) {
    if (createUnknown && !entries.containsKey(id)) {
      add(id, ownLocation, null, List.of());
    }
    Entry entry = entries.get(id);
    return entry == null ? Optional.empty() : Optional.of(view(id, entry));
  }

  synchronized Optional<Contact> findByEmail(String email) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().locationId.equals(ownLocation))
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
    var call = new TagCall(id, add, tags, changed, clock.instant());
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

  private static Contact view(String id, Entry entry) {
    return new Contact(
        id, entry.locationId, entry.email, entry.additionalEmails, List.copyOf(entry.tags));
  }
}

package dev.acuse.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** GoHighLevel's contacts and their tags, with its errors. Thread-safe. */
public final class SandboxGoHighLevel {
  private static final String VERSION = "2021-07-28";

  /** One call that added tags to a contact. */
  public record TagCall(String contactId, List<String> tags) {}

  private record Contact(String id, @Nullable String email, Set<String> tags) {}

  private final SandboxOptions options;
  private final SandboxServer server;
  private final Map<String, Contact> contacts = new ConcurrentHashMap<>();
  private final Set<String> elsewhere = ConcurrentHashMap.newKeySet();
  private final List<TagCall> tagCalls = new CopyOnWriteArrayList<>();

  SandboxGoHighLevel(SandboxOptions options) {
    this.options = options;
    this.server = new SandboxServer(options.goHighLevelPort());
    api("POST", "/contacts/[^/]+/tags", this::addTags);
    api("GET", "/contacts/search/duplicate", this::duplicate);
    api("GET", "/contacts/[^/]+", this::contact);
  }

  private void api(String method, String path, Function<Call, Reply> answer) {
    server.route(
        method,
        path,
        call -> {
          if (!call.bears(options.ghlToken())) {
            return error(401, "Invalid token: access token is invalid", "Unauthorized");
          }
          return VERSION.equals(call.headers().get("version"))
              ? answer.apply(call)
              : error(400, "version header was not found", "Bad Request");
        });
  }

  SandboxServer server() {
    return server;
  }

  /** What goes wrong on this side. */
  public Faults faults() {
    return server.faults();
  }

  /** A new contact without tags. */
  public void addContact(String id, @Nullable String email) {
    contacts.put(id, new Contact(id, email, ConcurrentHashMap.newKeySet()));
  }

  /** A contact that belongs to another location: 403. */
  public void addForeignContact(String id) {
    elsewhere.add(id);
  }

  /** What a contact wears. */
  public Set<String> tagsOf(String contactId) {
    Contact contact = contacts.get(contactId);
    return contact == null ? Set.of() : Set.copyOf(contact.tags());
  }

  /** Every call that reached the API and was answered with 201, in order. */
  public List<TagCall> tagCalls() {
    return List.copyOf(tagCalls);
  }

  /** The same, for one contact. */
  public List<TagCall> tagCalls(String contactId) {
    return tagCalls.stream().filter(call -> call.contactId().equals(contactId)).toList();
  }

  private Reply addTags(Call call) {
    String id = call.path().split("/", -1)[2];
    if (elsewhere.contains(id)) {
      return error(403, "The token does not have access to this location.", "Forbidden");
    }
    Contact contact = contacts.get(id);
    if (contact == null) {
      return error(400, "Contact not found for id:" + id, "Bad Request");
    }
    JsonNode tags = call.json().path("tags");
    if (!tags.isArray() || tags.isEmpty()) {
      return Reply.json(
          422,
          Map.of(
              "statusCode",
              422,
              "message",
              List.of("tags must be an array"),
              "error",
              "Unprocessable Entity"));
    }
    List<String> asked = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (JsonNode tag : tags) {
      String lower = tag.asText().toLowerCase(Locale.ROOT);
      asked.add(lower);
      if (contact.tags().add(lower)) {
        added.add(lower);
      }
    }
    tagCalls.add(new TagCall(id, asked));
    return Reply.json(
            201,
            Map.of(
                "tags",
                new LinkedHashSet<>(contact.tags()),
                "tagsAdded",
                added,
                "traceId",
                UUID.randomUUID().toString()))
        .with("X-RateLimit-Max", "100")
        .with("X-RateLimit-Interval-Milliseconds", "10000");
  }

  private Reply contact(Call call) {
    Contact contact = contacts.get(call.lastSegment());
    return contact == null
        ? error(400, "Contact not found for id:" + call.lastSegment(), "Bad Request")
        : Reply.json(200, Map.of("contact", json(contact)));
  }

  private Reply duplicate(Call call) {
    String email = call.query().getOrDefault("email", "").toLowerCase(Locale.ROOT);
    return contacts.values().stream()
        .filter(contact -> email.equals(contact.email()))
        .findFirst()
        .map(contact -> Reply.json(200, Map.of("contact", json(contact))))
        .orElseGet(() -> Reply.text(200, "application/json", "{\"contact\": null}"));
  }

  private Map<String, Object> json(Contact contact) {
    return Map.of(
        "id", contact.id(),
        "locationId", options.locationId(),
        "email", contact.email() == null ? "" : contact.email(),
        "tags", Set.copyOf(contact.tags()));
  }

  private static Reply error(int status, String message, String error) {
    return Reply.json(status, Map.of("statusCode", status, "message", message, "error", error));
  }
}

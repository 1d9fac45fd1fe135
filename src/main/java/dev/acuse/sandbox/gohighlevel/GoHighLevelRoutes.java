package dev.acuse.sandbox.gohighlevel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import dev.acuse.sandbox.http.Request;
import dev.acuse.sandbox.http.Routes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The part of GoHighLevel's API, version 2, that Acuse uses. Thread-safe. */
final class GoHighLevelRoutes implements Routes {
  private static final String CONTACTS = "/contacts/";
  private static final String VERSION = "2021-07-28";
  private static final Pattern EMAIL = Pattern.compile("[^@\\s,;]+@[^@\\s,;.]+(\\.[^@\\s,;.]+)+");

  private final Locations locations;

  GoHighLevelRoutes(Locations locations) {
    this.locations = locations;
  }

  @Override
  public Reply answer(Request request) {
    RateWindow.Left left = locations.rate(request).count();
    if (left.refused()) {
      return left.stamp(GoHighLevelErrors.of(429));
    }
    try {
      return left.stamp(route(request));
    } catch (Refusal e) {
      return left.stamp(e.reply());
    }
  }

  private Reply route(Request request) throws Refusal {
    if (request.header("authorization") == null) {
      throw GoHighLevelErrors.unauthorized("Authorization header not found");
    }
    if (!VERSION.equals(request.header("version"))) {
      throw GoHighLevelErrors.unauthorized("version header was not found");
    }
    if (locations.isAgencys(request)) {
      throw GoHighLevelErrors.notAuthorizedForScope();
    }
    SandboxLocation caller =
        locations.caller(request).orElseThrow(() -> new Refusal(GoHighLevelErrors.of(401)));
    return route(request, caller);
  }

  private Reply route(Request request, SandboxLocation caller) throws Refusal {
    if (request.is("GET", "/contacts/search/duplicate")) {
      return findDuplicate(request, caller);
    }
    String location = request.segment("/locations/", "");
    if (location != null && request.method().equals("GET")) {
      return location(location, caller);
    }
    String tagged = request.segment(CONTACTS, "/tags");
    if (tagged != null && request.method().equals("POST")) {
      return tag(caller, tagged, true, request.body());
    }
    if (tagged != null && request.method().equals("DELETE")) {
      return tag(caller, tagged, false, request.body());
    }
    // any other word is taken for an id: "lookup" of version 1 ends as a contact not found
    String id = request.segment(CONTACTS, "");
    if (id != null && request.method().equals("GET")) {
      return contact(id, caller);
    }
    throw new Refusal(GoHighLevelErrors.of(404));
  }

  private static Reply location(String id, SandboxLocation caller) throws Refusal {
    if (!id.equals(caller.id())) {
      throw GoHighLevelErrors.otherLocation();
    }
    ObjectNode json = Json.object();
    json.putObject("location")
        .put("id", id)
        .put("name", caller.name())
        .put("country", "AR")
        .put("timezone", "America/Argentina/Buenos_Aires");
    return Reply.json(200, traced(json));
  }

  private Reply contact(String id, SandboxLocation caller) throws Refusal {
    ObjectNode json = Json.object();
    json.set("contact", json(own(id, caller)));
    return Reply.json(200, traced(json));
  }

  private static Reply findDuplicate(Request request, SandboxLocation caller) throws Refusal {
    String location = request.parameter("locationId");
    String email = request.parameter("email");
    if (location == null) {
      throw GoHighLevelErrors.unprocessable("locationId should not be empty");
    }
    if (!location.equals(caller.id())) {
      throw GoHighLevelErrors.otherLocation();
    }
    if (email != null && !EMAIL.matcher(email).matches()) {
      throw GoHighLevelErrors.unprocessable("email must be an email");
    }
    ObjectNode json = Json.object();
    json.set(
        "contact",
        email == null
            ? null
            : caller.contacts().findByEmail(email).map(GoHighLevelRoutes::json).orElse(null));
    return Reply.json(200, traced(json));
  }

  private Reply tag(SandboxLocation caller, String id, boolean add, byte[] body) throws Refusal {
    List<String> tags = tags(body);
    String known = own(id, caller).id();
    Contacts contacts = caller.contacts();
    TagCall call =
        contacts.tag(known, add, tags).orElseThrow(() -> GoHighLevelErrors.contactNotFound(id));
    ObjectNode json = Json.object();
    contacts.tagsOf(known).forEach(json.putArray("tags")::add);
    call.changed().forEach(json.putArray(add ? "tagsAdded" : "tagsRemoved")::add);
    return Reply.json(add ? 201 : 200, traced(json));
  }

  /** GoHighLevel keeps tags in lower case, whatever was sent. */
  private static List<String> tags(byte[] body) throws Refusal {
    ObjectNode json = Json.readObject(body);
    if (json == null) {
      throw new Refusal(GoHighLevelErrors.of(400));
    }
    if (!json.path("tags").isArray()) {
      throw GoHighLevelErrors.unprocessable("tags must be an array");
    }
    var tags = new LinkedHashSet<String>();
    for (JsonNode tag : json.path("tags")) {
      if (!tag.isTextual()) {
        throw GoHighLevelErrors.unprocessable("each value in tags must be a string");
      }
      tags.add(tag.textValue().strip().toLowerCase(Locale.ROOT));
    }
    return List.copyOf(tags);
  }

  private Contacts.Contact own(String id, SandboxLocation caller) throws Refusal {
    Optional<Contacts.Contact> known = caller.contacts().find(id);
    if (known.isPresent()) {
      return known.get();
    }
    if (locations.anyOtherAdded(id, caller)) {
      throw GoHighLevelErrors.otherLocation();
    }
    return caller
        .contacts()
        .findOrCreate(id)
        .orElseThrow(() -> GoHighLevelErrors.contactNotFound(id));
  }

  private static ObjectNode json(Contacts.Contact contact) {
    ObjectNode json = Json.object();
    json.put("id", contact.id());
    json.put("locationId", contact.locationId());
    String email = contact.email();
    json.put("email", email);
    json.put("emailLowerCase", email == null ? null : email.toLowerCase(Locale.ROOT));
    contact.additionalEmails().forEach(json.putArray("additionalEmails")::add);
    ArrayNode tags = json.putArray("tags");
    contact.tags().forEach(tags::add);
    json.putArray("customFields");
    return json;
  }

  private static ObjectNode traced(ObjectNode json) {
    return json.put("traceId", UUID.randomUUID().toString());
  }
}

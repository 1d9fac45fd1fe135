package dev.acuse.sandbox.gohighlevel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Errors in GoHighLevel's shape: a message that is a text, and a list of texts in a 422. */
final class GoHighLevelErrors {
  private GoHighLevelErrors() {}

  static Refusal unauthorized(String message) {
    return new Refusal(reply(401, message, "Unauthorized"));
  }

  /** GoHighLevel says so with a 400, not with a 404. */
  static Refusal contactNotFound(String id) {
    return new Refusal(reply(400, "Contact not found for id:" + id, null));
  }

  static Refusal otherLocation() {
    return new Refusal(reply(403, "The token does not have access to this location.", "Forbidden"));
  }

  static Refusal unprocessable(String message) {
    ObjectNode json = Json.object();
    json.put("statusCode", 422);
    json.putArray("message").add(message);
    json.put("error", "Unprocessable Entity");
    json.put("traceId", UUID.randomUUID().toString());
    return new Refusal(Reply.json(422, json));
  }

  /** What a token of an agency is told where one of a location is asked for. */
  static Refusal notAuthorizedForScope() {
    return unauthorized("The token is not authorized for this scope.");
  }

  /** An error without more to say. */
  static Reply of(int status) {
    return switch (status) {
      case 400 -> reply(400, "Bad Request", null);
      case 401 -> reply(401, "Invalid token: access token is invalid", "Unauthorized");
      case 403 -> reply(403, "You do not have permission to access this resource", "Forbidden");
      case 404 -> reply(404, "Not Found", null);
      case 422 -> unprocessable("the request can't be processed").reply();
      case 429 -> reply(429, "Too Many Requests", null);
      default -> reply(status, "Internal Server Error", null);
    };
  }

  private static Reply reply(int status, String message, @Nullable String error) {
    ObjectNode json = Json.object();
    json.put("statusCode", status);
    json.put("message", message);
    if (error != null) {
      json.put("error", error);
    }
    json.put("traceId", UUID.randomUUID().toString());
    return Reply.json(status, json);
  }
}

package dev.acuse.sandbox.mercadopago;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.acuse.sandbox.http.Json;
import dev.acuse.sandbox.http.Refusal;
import dev.acuse.sandbox.http.Reply;
import org.jspecify.annotations.Nullable;

/** Errors in MercadoPago's shape: message, error, status and a list of causes with codes. */
final class MercadoPagoErrors {
  private MercadoPagoErrors() {}

  /** Its own code for a payment that does not exist, or is another account's. */
  static Refusal paymentNotFound() {
    return refusal(404, "not_found", 2000, "Payment not found");
  }

  /** Of the Orders API. */
  static Refusal orderNotFound() {
    return new Refusal(reply(404, "order_not_found", null, "Order not found"));
  }

  /** What a resource that is refused for good answers with. */
  static Refusal refused(int status) {
    return new Refusal(of(status));
  }

  static Refusal notFound(String message) {
    return new Refusal(reply(404, "not_found", null, message));
  }

  static Refusal badRequest(int code, String message) {
    return refusal(400, "bad_request", code, message);
  }

  static Refusal invalid(String error, String message) {
    return new Refusal(reply(400, error, null, message));
  }

  static Refusal unauthorized() {
    return new Refusal(of(401));
  }

  /** The order is another seller's; in the way MercadoPago's page on merchant orders words it. */
  static Refusal otherSeller() {
    return new Refusal(reply(403, "invalid_caller_id", null, "Invalid caller_id"));
  }

  /** What MercadoPago's gateway says before any resource is asked for. */
  static Reply policyAgent() {
    ObjectNode json = Json.object();
    json.put("status", 403);
    json.put("code", "PA_UNAUTHORIZED_RESULT_FROM_POLICIES");
    json.put("blocked_by", "PolicyAgent");
    json.put("message", "At least one policy returned UNAUTHORIZED.");
    return Reply.json(403, json);
  }

  private static Refusal refusal(int status, String error, int code, String message) {
    return new Refusal(reply(status, error, code, message));
  }

  /** An error without more to say. */
  static Reply of(int status) {
    return switch (status) {
      case 401 -> reply(401, "unauthorized", null, "invalid access token");
      case 403 ->
          reply(403, "forbidden", 4, "The caller is not authorized to access this resource");
      case 404 -> reply(404, "not_found", null, "Resource not found");
      case 405 -> reply(405, "method_not_allowed", null, "Method not allowed");
      case 423 -> reply(423, "locked", null, "The idempotency key is locked");
      case 429 -> reply(429, "too_many_requests", null, "Too many requests, try again later");
      default ->
          status >= 500
              ? reply(status, "internal_error", null, "Internal server error")
              : reply(status, "bad_request", 1, "Params error");
    };
  }

  static Reply reply(int status, String error, @Nullable Integer code, String message) {
    ObjectNode json = Json.object();
    json.put("message", message);
    json.put("error", error);
    json.put("status", status);
    var cause = json.putArray("cause");
    if (code != null) {
      cause.addObject().put("code", code).put("description", message).putNull("data");
    }
    return Reply.json(status, json);
  }
}

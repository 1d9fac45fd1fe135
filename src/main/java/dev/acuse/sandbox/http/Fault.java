package dev.acuse.sandbox.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One way for a server to go wrong. Immutable. */
public final class Fault {
  /** Decides what becomes of a request; empty: the connection is closed without an answer. */
  private interface Behaviour {
    Optional<Reply> answer(Supplier<Reply> real, ErrorShape errors);
  }

  private final String name;
  private final Behaviour behaviour;

  private Fault(String name, Behaviour behaviour) {
    this.name = name;
    this.behaviour = behaviour;
  }

  /** The connection is closed before the request is carried out. */
  public static Fault drop() {
    return new Fault("drop", (real, errors) -> Optional.empty());
  }

  /** The request is carried out, and the connection is closed in place of the answer. */
  public static Fault loseAnswer() {
    return new Fault(
        "lose_answer",
        (real, errors) -> {
          var unused = real.get();
          return Optional.empty();
        });
  }

  /** An error in the shape of the API; the request is not carried out. */
  public static Fault status(int status) {
    return new Fault("status " + status, (real, errors) -> Optional.of(errors.of(status)));
  }

  /**
   * A 429; the request is not carried out.
   *
   * @param retryAfter the header's value, seconds or an HTTP date; null for none
   */
  public static Fault tooManyRequests(@Nullable String retryAfter) {
    return new Fault(
        "status 429",
        (real, errors) -> {
          Reply reply = errors.of(429);
          return Optional.of(
              retryAfter == null ? reply : reply.withHeader("Retry-After", retryAfter));
        });
  }

  /**
   * The request is not carried out, and is answered with this.
   *
   * @param name for people
   */
  public static Fault reply(String name, Reply reply) {
    return new Fault(name, (real, errors) -> Optional.of(reply));
  }

  /**
   * A page of what stands before the API (a proxy, a content network, a captive portal) in place of
   * its answer; the request is not carried out.
   *
   * @param status any, 200 and redirects included
   */
  public static Fault page(int status) {
    Reply page =
        Reply.html(
            status,
            "<!DOCTYPE html><html><head><title>Attention required</title></head>"
                + "<body><h1>Log in to this network</h1></body></html>");
    boolean redirects = status >= 300 && status < 400;
    return reply(
        "page " + status,
        redirects ? page.withHeader("Location", "http://portal.invalid/login") : page);
  }

  /** The request is carried out and answered with a 200 of no use. */
  public static Fault garbage(GarbageKind kind) {
    return new Fault("garbage " + kind, (real, errors) -> Optional.of(garbled(kind, real.get())));
  }

  /** The request is carried out and answered with a 200 whose JSON is this long. */
  public static Fault bodyOfSize(int bytes) {
    return new Fault("body of " + bytes, (real, errors) -> Optional.of(padded(real.get(), bytes)));
  }

  Optional<Reply> apply(Supplier<Reply> real, ErrorShape errors) {
    return behaviour.answer(real, errors);
  }

  private static Reply garbled(GarbageKind kind, Reply real) {
    return switch (kind) {
      case HTML -> Reply.html(200, "<html><body><h1>Please stand by</h1></body></html>");
      case EMPTY -> new Reply(200, Map.of(), new byte[0]);
      case TRUNCATED_JSON ->
          ok(real).withBody(Arrays.copyOf(real.body(), Math.max(1, real.body().length / 2)));
      case WRONG_ID -> ok(real).withBody(withOtherId(real.body()));
    };
  }

  private static Reply ok(Reply real) {
    return new Reply(200, real.headers(), real.body());
  }

  private static byte[] withOtherId(byte[] body) {
    ObjectNode object = Json.readObject(body);
    if (object == null) {
      return body;
    }
    // GoHighLevel wraps its contact
    ObjectNode holder = object.path("contact") instanceof ObjectNode contact ? contact : object;
    JsonNode id = holder.path("id");
    if (id.isNumber()) {
      holder.put("id", id.longValue() + 1);
    } else if (id.isTextual()) {
      holder.put("id", id.textValue() + "0");
    }
    return Json.bytes(object);
  }

  /** Blanks before the last brace: still JSON, only longer. */
  private static Reply padded(Reply real, int bytes) {
    byte[] body = real.body();
    if (body.length == 0 || body.length >= bytes) {
      return ok(real);
    }
    byte[] padded = Arrays.copyOf(body, bytes);
    Arrays.fill(padded, body.length - 1, bytes - 1, (byte) ' ');
    padded[bytes - 1] = body[body.length - 1];
    return ok(real).withBody(padded);
  }

  @Override
  public String toString() {
    return name;
  }
}

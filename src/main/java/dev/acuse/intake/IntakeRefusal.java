package dev.acuse.intake;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A webhook is not acknowledged. The API turns this into a problem answer. */
public final class IntakeRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String UNAVAILABLE = "unavailable";

  private final int status;
  private final String code;
  private final String detail;
  private final @Nullable Integer retryAfterSeconds;

  private IntakeRefusal(
      int status, String code, String detail, @Nullable Integer retryAfterSeconds) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  static IntakeRefusal of(WebhookSource.Refusal refusal) {
    return new IntakeRefusal(refusal.status(), refusal.code(), refusal.detail(), null);
  }

  static IntakeRefusal tooLarge(long maxBytes) {
    return new IntakeRefusal(
        413, "payload_too_large", "The body is larger than " + maxBytes + " bytes.", null);
  }

  static IntakeRefusal tooSlow() {
    return new IntakeRefusal(408, "request_timeout", "The body did not arrive in time.", null);
  }

  static IntakeRefusal cutOff() {
    return new IntakeRefusal(400, "incomplete_body", "The body ended early.", null);
  }

  static IntakeRefusal unknownSource() {
    return new IntakeRefusal(404, "not_found", "There is no such webhook source.", null);
  }

  static IntakeRefusal noRoom() {
    return new IntakeRefusal(
        503, UNAVAILABLE, "There is no memory for it just now. Please send it again.", 5);
  }

  static IntakeRefusal tooManyHints(Duration pause) {
    return new IntakeRefusal(
        503,
        UNAVAILABLE,
        "Too many unverified notifications came of late. Please send it again.",
        (int) pause.toSeconds());
  }

  static IntakeRefusal notStored() {
    return new IntakeRefusal(
        503, UNAVAILABLE, "The webhook could not be stored. Please send it again.", 5);
  }

  /** The HTTP status to answer with. */
  public int status() {
    return status;
  }

  /** The stable word for it. */
  public String code() {
    return code;
  }

  /** One sentence for the sender. */
  public String detail() {
    return detail;
  }

  /** When to come back, in seconds; null if that makes no sense. */
  public @Nullable Integer retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** Whether the rest of the request is unread, so that the connection is of no further use. */
  public boolean closesConnection() {
    return Set.of("payload_too_large", "request_timeout", "incomplete_body").contains(code);
  }
}

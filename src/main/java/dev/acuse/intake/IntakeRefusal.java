package dev.acuse.intake;

import dev.acuse.http.ProblemCode;
import dev.acuse.http.ProblemException;
import java.time.Duration;

/** Why a webhook is not acknowledged. */
final class IntakeRefusal {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private IntakeRefusal() {}

  static ProblemException of(WebhookSource.Refusal refusal) {
    return ProblemException.of(refusal.status(), refusal.code(), refusal.detail());
  }

  static ProblemException tooLarge(long maxBytes) {
    return ProblemException.of(
            ProblemCode.PAYLOAD_TOO_LARGE, "The body is larger than " + maxBytes + " bytes.")
        .closingTheConnection();
  }

  static ProblemException tooSlow() {
    return ProblemException.of(ProblemCode.REQUEST_TIMEOUT, "The body did not arrive in time.")
        .closingTheConnection();
  }

  static ProblemException cutOff() {
    return ProblemException.of(400, "incomplete_body", "The body ended early.")
        .closingTheConnection();
  }

  static ProblemException unknownSource() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such webhook source.");
  }

  static ProblemException unknownAccount() {
    return ProblemException.of(ProblemCode.NOT_FOUND, "There is no account of this name.");
  }

  static ProblemException noRoom() {
    return unavailable("There is no memory for it just now. Please send it again.", PAUSE);
  }

  static ProblemException tooManyHints(Duration pause) {
    return unavailable(
        "Too many unverified notifications came of late. Please send it again.", pause);
  }

  static ProblemException notJudged() {
    return unavailable("It cannot be told yet whose it is. Please send it again.", PAUSE);
  }

  static ProblemException notStored() {
    return unavailable("The webhook could not be stored. Please send it again.", PAUSE);
  }

  private static ProblemException unavailable(String detail, Duration pause) {
    return ProblemException.of(ProblemCode.UNAVAILABLE, detail).retryAfter(pause);
  }
}
